import type { ServiceKey, TaskId } from "../../core/model/ids.ts";
import { keys, serviceOfGroup, splitStartedBy } from "../../core/model/names.ts";
import type {
  CallRecord,
  CommandRecord,
  InstallRecord,
  Item,
  NoticeRecord,
  RevisionRecord,
  SpecRecord,
  StateRecord,
  TaskRecord,
  UsageRecord,
} from "../../core/model/records.ts";
import type { ItemKey } from "../../core/ports/store.ts";
import type { EngineTask } from "../ecs/api.ts";
import type { MemoryStore } from "../store.ts";
import type { SimulatedAws } from "./aws.ts";

/** Everything that is on record of one service, as it is now. */
export interface ServiceView {
  readonly spec?: SpecRecord;
  readonly state?: StateRecord;
  readonly revisions: readonly RevisionRecord[];
  readonly calls: readonly CallRecord[];
  readonly tasks: readonly TaskRecord[];
  readonly notice?: NoticeRecord;
}

/** What is on record and what is true, side by side: for those who check one against the other. */
export interface Truth {
  installId(): string;
  find<R extends Item>(key: ItemKey): R | undefined;
  service(key: ServiceKey): ServiceView;
  services(): readonly ServiceKey[];
  commands(): readonly CommandRecord[];
  usage(namespace: string): UsageRecord | undefined;
  /** Tasks of a service that have not stopped. */
  live(key: ServiceKey): readonly EngineTask[];
  /** The service whose task it is, if it is one of ours. */
  ownerOf(task: EngineTask): ServiceKey | undefined;
  task(taskId: TaskId): EngineTask | undefined;
}

/** The last part of a task's ARN. */
export function taskIdOf({ arn }: Pick<EngineTask, "arn">): TaskId {
  return arn.slice(arn.lastIndexOf("/") + 1) as TaskId;
}

/** Token of the call that started a task. */
export function tokenOf({ startedBy = "" }: EngineTask): string {
  return splitStartedBy(startedBy).token;
}

/** The truth of a world, read anew at each question. */
export function truthOf(store: MemoryStore, aws: SimulatedAws, cluster: string): Truth {
  const find = <R extends Item>(key: ItemKey) =>
    store.itemsOf(key.partition).find(({ sort }) => sort === key.sort) as R | undefined;
  let known = "";
  const installId = () => {
    known ||= find<InstallRecord>(keys.install())?.installId ?? "";
    return known;
  };
  const ownerOf = ({ group }: EngineTask) => serviceOfGroup(installId(), group);
  return {
    installId,
    find,
    ownerOf,
    service: (key) => {
      const items = store.itemsOf(keys.service(key));
      const of = <R extends Item>(prefix: string) =>
        items.filter(({ sort }) => sort.startsWith(prefix)) as readonly Item[] as readonly R[];
      const [spec] = of<SpecRecord>("spec");
      const [state] = of<StateRecord>("state");
      const notice = find<NoticeRecord>(keys.notice(cluster, key));
      return {
        ...(spec ? { spec } : {}),
        ...(state ? { state } : {}),
        ...(notice ? { notice } : {}),
        revisions: of<RevisionRecord>("revision#"),
        calls: of<CallRecord>("call#"),
        tasks: of<TaskRecord>("task#"),
      };
    },
    services: () =>
      store.all().flatMap((item) => {
        const isState = item.sort === "state" && item.partition.startsWith("service#");
        return isState ? [item.partition.slice("service#".length) as ServiceKey] : [];
      }),
    commands: () =>
      store
        .all()
        .filter((item) => item.partition.startsWith("command#")) as readonly Item[] as readonly CommandRecord[],
    usage: (namespace) => find<UsageRecord>(keys.usage(namespace)),
    live: (key) => aws.engine.tasks().filter((task) => task.lastStatus !== "STOPPED" && ownerOf(task) === key),
    task: (taskId) => aws.engine.tasks().find((task) => taskIdOf(task) === taskId),
  };
}
