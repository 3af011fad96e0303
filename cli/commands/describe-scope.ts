import { splitServiceKey } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import type { InstallRecord, NamespaceRecord } from "../../core/model/records.ts";
import { nameOfScope, type Scope } from "../../core/model/scope.ts";
import { CommandError } from "../command-error.ts";
import type { Connection } from "../connection.ts";
import { type ExitCode, exit } from "../exit-codes.ts";
import type { ReadOptions } from "../options.ts";
import { json } from "../printable.ts";
import { readGrants } from "../read-grants.ts";
import { readEvents, readServices } from "../read-records.ts";
import { type ScopeDescription, scopeDescription } from "../render/scope.ts";
import type { Session } from "../session.ts";
import { viewEvent } from "../views.ts";

const shownEvents = 15;

/** Shows a namespace or the install: whether it is held, how many services it has, who may do what, and what happened last. */
export async function describeScope(scope: Scope, options: ReadOptions, session: Session): Promise<ExitCode> {
  const connection = await session.connect(options);
  try {
    const all = await readScope(connection, scope);
    session.out.write(options.json ? json(all) : scopeDescription(all, session.nowMs(), session.out));
    return exit.done;
  } finally {
    connection.close();
  }
}

async function readScope({ store }: Connection, scope: Scope): Promise<ScopeDescription> {
  const namespace = scope.kind === "Namespace" ? scope.name : undefined;
  const [install, record, services, grants, events] = await Promise.all([
    store.get<InstallRecord>(keys.install()),
    namespace === undefined ? undefined : store.get<NamespaceRecord>(keys.namespace(namespace)),
    readServices(store, (key) => namespace === undefined || splitServiceKey(key).namespace === namespace),
    readGrants(store, namespace),
    readEvents(store, scope, shownEvents),
  ]);
  if (namespace !== undefined && record === undefined && services.length === 0 && events.length === 0)
    throw new CommandError(
      exit.refused,
      `there is nothing in ${nameOfScope(scope)}; longshore get services shows the namespaces that are`,
    );
  return {
    name: namespace ?? null,
    paused: install?.paused ? "install" : record?.paused ? "namespace" : null,
    services: services.length,
    grants,
    events: events.map(viewEvent),
  };
}
