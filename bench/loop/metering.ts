import type { Ports } from "../../core/ports/index.ts";
import type { Around } from "../../sim/world/options.ts";
import { awsCallsOf } from "./aws-calls.ts";
import { createMeter, type Meter } from "./meter.ts";
import { meteredStore, type OpenWindows, type TableCall } from "./metered-store.ts";
import { watched } from "./watched.ts";

/** Counts what passes ask of AWS: calls by their names, messages, log lines, and units of the table by kind of item. */
export interface Metering extends Pick<Meter, "read"> {
  readonly around: Around;
}

/** A metering that has counted nothing. */
export function metering(): Metering {
  const meter = createMeter();
  const windows: OpenWindows = new Map();
  let defined = 0;
  const around: Around = (handler, work) => (ports) => {
    const add = (name: string, amount?: number) => meter.add(handler, name, amount);
    const called: TableCall = (call, { read = 0, write = 0, kind }) => {
      add(`dynamodb ${call}`);
      if (read > 0) add("read units", read);
      if (write > 0) add("write units", write);
      if (write > 0) add(`written ${kind}`, write);
      if (read > 0) add(`read ${kind}`, read);
    };
    const counted = watched(ports, async (call) => {
      const answer = await call.act();
      for (const [name, count] of awsCallsOf(call, answer, defined)) add(name, count);
      if (call.port === "tasks" && call.method === "define") defined += 1;
      return answer;
    });
    const log: Ports["log"] = {
      write: (entry) => {
        add("log lines");
        ports.log.write(entry);
      },
    };
    return work({ ...counted, store: meteredStore(counted.store, called, windows), log });
  };
  return { around, read: meter.read };
}
