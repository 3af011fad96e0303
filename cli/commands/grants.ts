import { CommandError } from "../command-error.ts";
import { type ExitCode, exit } from "../exit-codes.ts";
import { json } from "../printable.ts";
import { readGrants } from "../read-grants.ts";
import { grants } from "../render/lists.ts";
import { isName } from "../service-names.ts";
import type { Session } from "../session.ts";
import type { GetOptions } from "./get.ts";

/** Lists who may do what: everywhere and in each namespace, or all that counts in one. */
export async function getGrants(name: string | undefined, options: GetOptions, session: Session): Promise<ExitCode> {
  const namespace = name ?? options.namespace;
  if (namespace !== undefined && (!isName(namespace) || (options.namespace ?? namespace) !== namespace))
    throw new CommandError(exit.invalid, `one namespace must be named, such as shop, got ${JSON.stringify(name)}`);
  const connection = await session.connect(options);
  try {
    const found = await readGrants(connection.store, namespace);
    session.out.write(options.json ? json({ grants: found }) : grants(found, session.out));
    return exit.done;
  } finally {
    connection.close();
  }
}
