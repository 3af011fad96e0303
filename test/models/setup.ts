// Watches every request of an SDK's client and every answer of our own engines, in each test file: vitest runs this first.
import { afterAll, afterEach } from "vitest";
import { takeFaults } from "./ledger.ts";
import { watchClients } from "./watch-clients.ts";
import { watchEndpoints } from "./watch-endpoint.ts";

watchClients();
watchEndpoints();

afterEach(failForFaults);
// What came of a file's own hooks, or after its last test.
afterAll(failForFaults);

function failForFaults(): void {
  const faults = takeFaults();
  if (faults.length === 0) return;
  throw new Error(`against the models of AWS's services:\n${faults.join("\n")}`);
}
