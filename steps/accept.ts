import { admitCommand } from "../core/admission/index.ts";
import type { Ports } from "../core/ports/index.ts";
import { changeScope } from "./change-scope.ts";
import { changeService } from "./change-service.ts";
import { whyForbidden } from "./check-access.ts";
import { refuse } from "./command-results.ts";
import { type CommandMessage, receive } from "./receive.ts";
import { startStopwatch } from "./stopwatch.ts";

/**
 * Accepts one command: a valid one, of somebody who may send it, changes what it names, once, however often it is
 * delivered; any other gets a result that names every issue, and writes nothing else but a line of history. It fails only
 * for infrastructure: bad input is answered, never returned to the queue.
 */
export async function acceptCommand(message: CommandMessage, ports: Ports): Promise<void> {
  const admission = admitCommand(message.body, message.sizeBytes);
  const record = await receive(message, admission, ports);
  if (record === undefined || record.phase !== "received") return;
  if (!admission.ok) return refuse(ports, record, admission.issues);
  const { command } = admission;
  const stopwatch = startStopwatch(ports.clock);
  const forbidden = await whyForbidden(ports, command, record);
  if (forbidden.length > 0) return refuse(ports, record, forbidden);
  if ("scope" in command) await changeScope(ports, command, record, stopwatch);
  else await changeService(ports, command, record, stopwatch);
}
