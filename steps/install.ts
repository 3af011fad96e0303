import { keys } from "../core/model/names.ts";
import { type InstallRecord, schema } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";

/** The install's record; made, with a random id, by whoever needs it first. */
export async function readInstall(ports: Ports): Promise<InstallRecord> {
  const found = await ports.store.get<InstallRecord>(keys.install());
  if (found !== undefined) return found;
  const installId = ports.random.token().slice(0, 8);
  const created = await ports.store.create<InstallRecord>({
    ...keys.install(),
    schema,
    uid: ports.random.uid(),
    installId,
    paused: false,
  });
  return created ?? readInstall(ports);
}
