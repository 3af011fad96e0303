// Runs a program with every request and answer of its process compared, and fails it for what breaks a model:
//
//   node cli/launch.js test/models/watched.ts examples/demo/demo.ts --json
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ledger, takeFaults } from "./ledger.ts";
import { watchClients } from "./watch-clients.ts";
import { watchEndpoints } from "./watch-endpoint.ts";

const [, , program = "", ...args] = process.argv;
process.argv.splice(1, process.argv.length, resolve(program), ...args);

watchClients();
watchEndpoints();
process.on("exit", () => {
  const faults = takeFaults();
  for (const fault of faults) console.error(`against the models of AWS's services: ${fault}`);
  const all = [...ledger.seen.values()];
  const looked = all.reduce((sum, { times }) => sum + times, 0);
  const members = all.reduce((sum, each) => sum + each.members.size, 0);
  console.error(`${looked} requests and answers compared with ${all.length} shapes, ${members} members of them seen`);
  if (faults.length > 0 || looked === 0) process.exitCode = 1;
});
await import(pathToFileURL(resolve(program)).href);
