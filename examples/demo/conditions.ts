import { dynamoStore } from "../../aws/store.ts";
import { table } from "../../cli/table.ts";
import type { Condition, ConditionType } from "../../core/model/conditions.ts";
import { serviceKey } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import type { SpecRecord, StateRecord } from "../../core/model/records.ts";
import type { ServiceName } from "./commands.ts";
import type { Stage } from "./stage.ts";

/** What users are told of a service, as it is in the table; undefined until its latest generation was looked at. */
export async function readCondition(
  { cluster }: Stage,
  { metadata }: ServiceName,
  wanted: ConditionType,
): Promise<Condition | undefined> {
  const clock = { nowMs: Date.now, monotonicMs: () => performance.now() };
  const store = dynamoStore({ client: cluster.clients.dynamodb, table: cluster.install.table, clock });
  const key = serviceKey(metadata.namespace, metadata.name);
  const [spec, state] = await Promise.all([
    store.get<SpecRecord>(keys.spec(key)),
    store.get<StateRecord>(keys.state(key)),
  ]);
  if (spec?.generation !== state?.generation) return undefined;
  return state?.conditions.find(({ type }) => type === wanted);
}

/** Shows a condition as the command line does. */
export function sayCondition({ timeline }: Stage, { type, status, reason, message }: Condition): void {
  const row = table([[type, status, reason, message]], { columns: 108, wrapLast: true });
  for (const line of row.trimEnd().split("\n")) timeline.say(line);
}
