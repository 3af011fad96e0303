import type { NodeId, ServiceKey } from "../../core/model/ids.ts";
import type { Constraint, Placement, Spread } from "../../core/model/service.ts";
import type { Candidate, Request } from "../../core/placement/place.ts";

/** A schedulable, empty node of 2048 CPU units and 4096 MiB, without a zone. */
export function aNode(id: string, given: Partial<Candidate> = {}): Candidate {
  const registered = given.registered ?? { cpuUnits: 2048, memoryMib: 4096 };
  return {
    nodeId: id as NodeId,
    zone: "",
    attributes: {},
    schedulable: true,
    registered,
    free: registered,
    taskCount: 0,
    ...given,
  };
}

/** Nodes drawn as `<id>@<zone>`, such as `"n1@a n2@a n3@b"`; without `@`, in no zone. */
export function nodesOf(text: string, given: Partial<Candidate> = {}): readonly Candidate[] {
  return text.split(" ").map((node) => {
    const [id = "", zone = ""] = node.split("@");
    return aNode(id, { zone, ...given });
  });
}

/** What a test says about a request; the rest is one task of 256 CPU units and 512 MiB, placed nowhere yet. */
export interface Asked {
  readonly key?: string;
  readonly count?: number;
  readonly cpuUnits?: number;
  readonly memoryMib?: number;
  readonly spread?: readonly Spread[];
  readonly constraints?: readonly Constraint[];
  readonly placed?: Readonly<Record<string, number>>;
  readonly excluded?: readonly string[];
}

/** A request for placement. */
export function aRequest(asked: Asked = {}): Request {
  return {
    key: (asked.key ?? "shop/web") as ServiceKey,
    count: asked.count ?? 1,
    need: { cpuUnits: asked.cpuUnits ?? 256, memoryMib: asked.memoryMib ?? 512 },
    placement: aPlacement(asked),
    placed: new Map(Object.entries(asked.placed ?? {}) as [NodeId, number][]),
    excluded: new Map((asked.excluded ?? []).map((nodeId) => [nodeId as NodeId, "RESOURCE:PORTS"])),
  };
}

/** A placement without capacity. */
export function aPlacement({ spread = [], constraints = [] }: Pick<Asked, "spread" | "constraints">): Placement {
  return { capacity: [], spread, constraints };
}

/** A spread that refuses, skew 1 unless told. */
export function hard(by: string, maxSkew = 1): Spread {
  return { by, maxSkew, whenUnsatisfiable: "refuse" };
}

/** A spread that prefers. */
export function soft(by: string): Spread {
  return { by, maxSkew: 1, whenUnsatisfiable: "prefer" };
}

/** A constraint drawn as `"zone in a,b"` or `"gpu exists"`. */
export function constraint(text: string): Constraint {
  const [attribute = "", operator = "", values = ""] = text.split(" ");
  return {
    attribute,
    operator: operator as Constraint["operator"],
    values: values === "" ? [] : values.split(","),
  };
}
