import type { World } from "../world.ts";
import type { Drawing } from "./drawing.ts";
import { type DrawnService, keyOf, messagesPerTask, queueOf } from "./drawn-service.ts";
import type { FaultClass } from "./fault-classes.ts";
import { loseAgents, loseNode, loseZone, startForeignTask } from "./machines.ts";

/** What an act is about. */
export interface Occasion {
  readonly world: World;
  readonly service: DrawnService;
  /** What somebody applies of that service, by the tag of its image. */
  readonly manifest: (version: string) => object;
  /** What the act leaves open, 0 to 1. */
  readonly fraction: number;
}

interface Act {
  /** For people; the name of the service follows. */
  readonly words: string;
  /** Of `docs/invariants.md`, if it is a fault. */
  readonly fault?: FaultClass;
  readonly happen: (occasion: Occasion) => unknown;
}

const applies = (version: string): Act => ({
  words: `somebody applies ${version} of`,
  ...(version === "missing" || version === "forbidden" ? { fault: "F31" } : {}),
  happen: ({ world, manifest }) => world.apply(manifest(version)),
});

const sends = (words: string, type: string, more: object = {}): Act => ({
  words,
  happen: ({ world, service: { namespace, name } }) =>
    world.send(type, { kind: "Service", metadata: { namespace, name }, ...more }),
});

const sendsForNamespace = (words: string, type: string): Act => ({
  words,
  happen: ({ world, service }) => world.send(type, { kind: "Namespace", metadata: { name: service.namespace } }),
});

const acts = {
  "apply v1": applies("v1"),
  "apply v2": applies("v2"),
  "apply v3": applies("v3"),
  "apply crashes": applies("crashes"),
  "apply unhealthy": applies("unhealthy"),
  "apply missing": applies("missing"),
  "apply forbidden": applies("forbidden"),
  "apply what is malformed": {
    words: "somebody applies a malformed manifest of",
    fault: "F53",
    happen: ({ world, manifest }) => world.apply({ ...manifest("v2"), spec: { replicas: -1, __proto: [] } }),
  },
  scale: {
    words: "somebody scales",
    happen: ({ world, service, fraction }) => world.scale(keyOf(service), Math.floor(fraction * 7)),
  },
  "scale to 0 without confirming": sends("somebody scales to 0, without confirming,", "scale", { replicas: 0 }),
  restart: sends("somebody restarts", "restart"),
  rollback: sends("somebody rolls back", "rollback"),
  cancel: sends("somebody cancels the rollout of", "cancel"),
  "pause a rollout": sends("somebody pauses the rollout of", "pause", { only: "rollout" }),
  "resume a rollout": sends("somebody resumes the rollout of", "resume", { only: "rollout" }),
  pause: sends("somebody pauses", "pause"),
  resume: sends("somebody resumes", "resume"),
  "pause a namespace": sendsForNamespace("somebody pauses the namespace of", "pause"),
  "resume a namespace": sendsForNamespace("somebody resumes the namespace of", "resume"),
  delete: { words: "somebody deletes", happen: ({ world, service }) => world.delete(keyOf(service)) },
  "a backlog": {
    words: "messages come or go in the queue of",
    happen: ({ world, service, fraction }) =>
      world.metrics.setQueue(queueOf(service), { visible: Math.floor(fraction * 10 * messagesPerTask) }),
  },
  "no metrics": {
    words: "no metric can be read any more of",
    fault: "F48",
    happen: ({ world, service }) => world.metrics.setQueue(queueOf(service), "missing"),
  },
  "a crash": {
    words: "a task crashes of",
    fault: "F41",
    happen: (occasion) => world(occasion).aws.crash(aTask(occasion)?.arn ?? ""),
  },
  "a sick task": {
    words: "a task fails the checks of its load balancer of",
    fault: "F41",
    happen: (occasion) => world(occasion).aws.sick.add(aTask(occasion)?.arn ?? ""),
  },
  "a stop by hand": {
    words: "somebody stops a task by hand of",
    fault: "F52",
    happen: (occasion) => {
      const task = aTask(occasion)?.arn;
      if (task !== undefined) world(occasion).aws.engine.handle("StopTask", { cluster: "main", task });
    },
  },
  "a foreign task": {
    words: "somebody starts a task that is not ours, beside",
    fault: "F52",
    happen: ({ world }) => startForeignTask(world),
  },
  "a lost node": {
    words: "a node is lost, and another comes, of",
    fault: "F42",
    happen: ({ world, service, fraction }) => loseNode(world, keyOf(service), fraction),
  },
  "a silent agent": {
    words: "the agent of a node disconnects, of",
    fault: "F43",
    happen: ({ world, fraction }) => loseAgents(world, fraction),
  },
  "silent agents": {
    words: "the agents of all nodes disconnect, beneath",
    fault: "F45",
    happen: ({ world }) => loseAgents(world),
  },
  "a lost zone": {
    words: "a zone is lost, and other nodes come, beneath",
    fault: "F44",
    happen: ({ world, fraction }) => loseZone(world, fraction),
  },
} as const satisfies Readonly<Record<string, Act>>;

/** Names an act. */
export type ActName = keyof typeof acts;

const names = Object.keys(acts) as readonly ActName[];

/** Every act is as likely as every other. */
export function drawActName(draw: Drawing): ActName {
  return draw.pick(names);
}

/** Lets an act happen. @returns What happened, in words, and the class of fault that it is, if it is one. */
export function happen(name: ActName, occasion: Occasion): { readonly words: string; readonly fault?: FaultClass } {
  const act: Act = acts[name];
  act.happen(occasion);
  return { words: `${act.words} ${keyOf(occasion.service)}`, ...(act.fault ? { fault: act.fault } : {}) };
}

function world(occasion: Occasion): World {
  return occasion.world;
}

function aTask({ world, service, fraction }: Occasion) {
  const live = world.truth.live(keyOf(service));
  return live[Math.floor(fraction * live.length)];
}
