import { CommandError } from "../command-error.ts";
import type { Connection } from "../connection.ts";
import { type ExitCode, exit } from "../exit-codes.ts";
import type { ReadOptions } from "../options.ts";
import { json } from "../printable.ts";
import { eachOf, keyFrom, readNodes, readService, readServices, readTasks } from "../read-records.ts";
import { nodes, services, tasks } from "../render/lists.ts";
import type { Session } from "../session.ts";
import { type NodeView, type ServiceView, type TaskView, viewNode, viewService, viewTask } from "../views.ts";

/** Options of `get`. */
export interface GetOptions extends ReadOptions {
  readonly namespace?: string;
  readonly cluster?: string;
}

/** Lists services: all, those of a namespace, or those of one name. */
export async function getServices(name: string | undefined, options: GetOptions, session: Session): Promise<ExitCode> {
  return list(
    "services",
    { name, options, session },
    {
      read: ({ store }) => findServices(store, name, options),
      show: (found: readonly ServiceView[], look) => services(found, session.nowMs(), look),
    },
  );
}

/** Lists the tasks that have not stopped: of all services, of those of a namespace, or of one. */
export async function getTasks(name: string | undefined, options: GetOptions, session: Session): Promise<ExitCode> {
  return list(
    "tasks",
    { name, options, session },
    {
      read: async ({ store }) => {
        const found = await findServices(store, name, options);
        if (found.length === 0) return undefined;
        const keys = found.flatMap((view) => keyFrom(view.name, view.namespace) ?? []);
        const all = await eachOf(keys, async (key) => (await readTasks(store, key)).map((task) => viewTask(key, task)));
        return all.flat().filter(({ status }) => status !== "STOPPED");
      },
      show: (found: readonly TaskView[], look) => tasks(found, session.nowMs(), look),
    },
  );
}

/** Lists the nodes of a cluster; a name is the start of a node's id, or its EC2 instance. */
export async function getNodes(name: string | undefined, options: GetOptions, session: Session): Promise<ExitCode> {
  return list(
    "nodes",
    { name, options, session },
    {
      read: async ({ store, cluster }) => {
        const found = (await readNodes(store, options.cluster ?? cluster)).map(viewNode);
        return found.filter(({ node, instance }) => !name || node.startsWith(name) || instance === name);
      },
      show: (found: readonly NodeView[], look) => nodes(found, look),
    },
  );
}

interface Asked {
  readonly name: string | undefined;
  readonly options: GetOptions;
  readonly session: Session;
}

interface Listing<View> {
  /** Undefined: what the name stands for does not exist. */
  read(connection: Connection): Promise<readonly View[] | undefined>;
  show(found: readonly View[], look: Session["out"]): string;
}

async function list<View>(
  what: "services" | "tasks" | "nodes",
  { name, options, session }: Asked,
  { read, show }: Listing<View>,
): Promise<ExitCode> {
  const connection = await session.connect(options);
  try {
    const found = await read(connection);
    const isMissing = found === undefined || (found.length === 0 && what !== "tasks");
    if (name !== undefined && isMissing) throw missing(what, name, { cluster: connection.cluster, ...options });
    session.out.write(options.json ? json({ [what]: found ?? [] }) : show(found ?? [], session.out));
    return exit.done;
  } finally {
    connection.close();
  }
}

async function findServices(
  store: Connection["store"],
  name: string | undefined,
  { namespace }: GetOptions,
): Promise<readonly ServiceView[]> {
  const key = name === undefined ? undefined : keyFrom(name, namespace);
  const found = key
    ? [await readService(store, key)]
    : await readServices(store, (each) => {
        const [itsNamespace, itsName] = each.split("/");
        return (!namespace || itsNamespace === namespace) && (!name || itsName === name);
      });
  return found.flatMap((records) => viewService(records) ?? []);
}

function missing(what: string, name: string, { namespace, cluster }: GetOptions): CommandError {
  if (what === "nodes") {
    const where = `cluster ${JSON.stringify(cluster)}`;
    return new CommandError(
      exit.refused,
      `there is no node ${JSON.stringify(name)} in ${where}; longshore get nodes shows those that are`,
    );
  }
  const where = namespace ? ` in namespace ${JSON.stringify(namespace)}` : "";
  return new CommandError(
    exit.refused,
    `there is no service ${JSON.stringify(name)}${where}; longshore get services shows those that are`,
  );
}
