import type { NodeId } from "../../../core/model/ids.ts";
import type { Candidate, Request } from "../../../core/placement/place.ts";

interface Room {
  readonly node: Candidate;
  cpuUnits: number;
  memoryMib: number;
  tasks: number;
  own: number;
}

/** What `place` chooses, found the slow way: every node looked at for every task, everything counted anew. */
export function placeNaively(requests: readonly Request[], nodes: readonly Candidate[]): readonly NodeId[][] {
  const rooms = nodes.map((node): Room => ({ node, ...node.free, tasks: node.taskCount, own: 0 }));
  return requests.map((request) => {
    for (const room of rooms) room.own = request.placed.get(room.node.nodeId) ?? 0;
    const chosen: NodeId[] = [];
    while (chosen.length < request.count) {
      const best = rooms
        .filter((room) => fits(request, room, rooms))
        .toSorted((a, b) => order(request, rooms, a, b))[0];
      if (!best) break;
      best.cpuUnits -= request.need.cpuUnits;
      best.memoryMib -= request.need.memoryMib;
      best.tasks += 1;
      best.own += 1;
      chosen.push(best.node.nodeId);
    }
    return chosen;
  });
}

function value(node: Candidate, name: string): string {
  if (name === "node") return node.nodeId;
  return name === "zone" ? node.zone : (node.attributes[name] ?? "");
}

function matches(request: Request, node: Candidate): boolean {
  for (const { attribute, operator, values } of request.placement.constraints) {
    const has = value(node, attribute);
    if (operator === "in" && !values.includes(has)) return false;
    if (operator === "notIn" && has !== "" && values.includes(has)) return false;
    if (operator === "exists" && has === "") return false;
    if (operator === "notExists" && has !== "") return false;
  }
  return true;
}

function counts(request: Request, rooms: readonly Room[], by: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const { node, own } of rooms) {
    const refusing = request.placement.spread.filter((spread) => spread.whenUnsatisfiable === "refuse");
    const eligible = matches(request, node) && refusing.every((spread) => value(node, spread.by) !== "");
    const domain = value(node, by);
    if (eligible && domain !== "") found.set(domain, (found.get(domain) ?? 0) + own);
  }
  return found;
}

function fits(request: Request, room: Room, rooms: readonly Room[]): boolean {
  if (!room.node.schedulable || request.excluded.has(room.node.nodeId) || !matches(request, room.node)) return false;
  if (room.cpuUnits < request.need.cpuUnits || room.memoryMib < request.need.memoryMib) return false;
  return request.placement.spread.every((spread) => {
    if (spread.whenUnsatisfiable === "prefer") return true;
    const found = counts(request, rooms, spread.by);
    const here = found.get(value(room.node, spread.by));
    return here !== undefined && here + 1 - Math.min(...found.values()) <= spread.maxSkew;
  });
}

function order(request: Request, rooms: readonly Room[], a: Room, b: Room): number {
  const keys = request.placement.spread.length > 0 ? request.placement.spread.map((spread) => spread.by) : ["zone"];
  for (const by of keys) {
    const found = counts(request, rooms, by);
    const of = (room: Room) => (value(room.node, by) === "" ? 1e9 : (found.get(value(room.node, by)) ?? 0));
    if (of(a) !== of(b)) return of(a) - of(b);
  }
  if (a.own !== b.own) return a.own - b.own;
  const shares = [share(request, a), share(request, b)] as const;
  if (shares[0] !== shares[1]) return shares[1] - shares[0];
  return a.tasks - b.tasks || (a.node.nodeId < b.node.nodeId ? -1 : 1);
}

function share({ need }: Request, { node, cpuUnits, memoryMib }: Room): number {
  const cpu = (cpuUnits - need.cpuUnits) / node.registered.cpuUnits;
  const memory = (memoryMib - need.memoryMib) / node.registered.memoryMib;
  if (need.cpuUnits === 0) return need.memoryMib === 0 ? 0 : memory;
  return need.memoryMib === 0 ? cpu : (cpu + memory) / 2;
}
