import type { ServiceKey } from "../core/model/ids.ts";
import { isLive } from "../core/model/living.ts";
import type { Connection } from "./connection.ts";
import { eachOf, readServices, readTasks } from "./read-records.ts";

/** How an install stands before its stack is deleted; with `--json` these are the names. */
export interface UninstallView {
  readonly stack: string;
  readonly install: string;
  readonly region: string;
  readonly services: number;
  readonly tasks: number;
  /** What the deletion of the stack leaves. */
  readonly stays: readonly { readonly type: string; readonly name: string }[];
  /** Ways to delete the stack, as a shell runs them. */
  readonly remove: readonly string[];
}

/** What can be said of an install once its tasks are as they shall be. */
export async function viewUninstall(
  { store }: Connection,
  { name, install, region, retained }: NonNullable<Connection["stack"]>,
): Promise<UninstallView> {
  const keys = await listServices(store);
  const tasks = await countTasks(store, keys);
  const remove = [`npx cdk destroy ${name}`, `aws cloudformation delete-stack --stack-name ${name} --region ${region}`];
  return { stack: name, install, region, services: keys.length, tasks, stays: await retained(), remove };
}

/** Every service that is described, those that are being deleted too. */
export async function listServices(store: Connection["store"]): Promise<readonly ServiceKey[]> {
  return (await readServices(store, () => true)).map(({ key }) => key);
}

/** How many tasks of these services live. */
export async function countTasks(store: Connection["store"], keys: readonly ServiceKey[]): Promise<number> {
  const counts = await eachOf(keys, async (key) => (await readTasks(store, key)).filter(isLive).length);
  return counts.reduce((sum, count) => sum + count, 0);
}
