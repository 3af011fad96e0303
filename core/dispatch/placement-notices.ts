import { canonicalJson } from "../model/canonical.ts";
import type { ServiceKey } from "../model/ids.ts";
import type { NoticeRecord } from "../model/records.ts";
import type { ServiceView } from "./service-view.ts";
import type { ServiceStarts } from "./starts.ts";

/** What a service's notice has to say of tasks that have no place; absent: all have one. */
export interface NoticeChange {
  readonly key: ServiceKey;
  readonly unplaced?: NonNullable<ServiceStarts["unplaced"]>;
}

/** Told of a cluster's services. */
interface Told {
  readonly notices: ReadonlyMap<ServiceKey, NoticeRecord>;
  readonly views: readonly ServiceView[];
}

/** Services whose notice does not say what was found about their placement now; where nothing was found out it stands. */
export function noticesToChange({ notices, views }: Told, starts: readonly ServiceStarts[]): readonly NoticeChange[] {
  const unknown = new Set(starts.flatMap(({ key, isUnknown }) => (isUnknown ? [key] : [])));
  return views
    .filter(({ key }) => !unknown.has(key))
    .map(({ key }) => {
      const unplaced = starts.find((each) => each.key === key && each.unplaced)?.unplaced;
      return { key, ...(unplaced ? { unplaced } : {}) };
    })
    .filter(({ key, unplaced }) => canonicalJson(notices.get(key)?.unplaced) !== canonicalJson(unplaced));
}
