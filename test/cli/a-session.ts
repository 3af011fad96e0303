import type { LogReader } from "../../aws/logs.ts";
import type { Connection } from "../../cli/connection.ts";
import { run } from "../../cli/program.ts";
import type { Session } from "../../cli/session.ts";
import type { Condition } from "../../core/model/conditions.ts";
import { type Revision, serviceKey } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import { type SpecRecord, type StateRecord, schema } from "../../core/model/records.ts";
import type { Ports } from "../../core/ports/index.ts";
import { type VirtualClock, virtualClock } from "../../sim/clock.ts";
import { memoryLog } from "../../sim/log.ts";
import { memoryQueues } from "../../sim/queues.ts";
import { seededRandom } from "../../sim/random.ts";
import { type MemoryStore, memoryStore } from "../../sim/store.ts";
import { acceptCommand } from "../../steps/accept.ts";
import { aSettings } from "../support/service.ts";

/** What a test sets about the world that a command finds. */
export interface Surroundings {
  /** Standard input. */
  readonly input?: string;
  /** What somebody at the terminal answers; absent: nobody is there. */
  readonly answer?: string;
  /** What SQS stamps on messages. */
  readonly senderId?: string;
  /** What the client knows of that. */
  readonly senders?: readonly string[];
  /** Whether accept reads the queue. Default true. */
  readonly accepts?: boolean;
  /** What deployed it. Default: nobody asked a stack. */
  readonly stack?: NonNullable<Connection["stack"]>;
  /** What containers wrote. Default: nothing. */
  readonly logs?: LogReader;
  /** Each time that the command pauses. */
  readonly onPause?: (install: MemoryInstall) => Promise<unknown>;
  readonly columns?: number;
  /** After so many pauses ctrl-C is pressed. */
  readonly endsAfterPauses?: number;
  /** After so many pauses nobody reads the output any more. */
  readonly closesAfterPauses?: number;
}

/** An install in memory, with the product's own accept behind its queue. */
export interface MemoryInstall {
  readonly store: MemoryStore;
  readonly clock: VirtualClock;
  readonly connection: Connection;
  /** Runs a command line. */
  run(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly progress: string }>;
  /** What reconcile would store of shop/web: at its generation, with these conditions. */
  decide(...conditions: readonly Partial<Condition>[]): Promise<void>;
  /** The same with more of the state. */
  decideState(state: Partial<StateRecord>, ...conditions: readonly Partial<Condition>[]): Promise<void>;
}

/** Everything around a command but the command. */
export function anInstall(given: Surroundings = {}): MemoryInstall {
  const { senderId = "local", senders = ["local"], accepts = true } = given;
  const clock = virtualClock();
  const store = memoryStore(clock);
  const accept = accepts ? acceptor({ store, clock, senderId }) : async () => "message-0";
  const connection: Connection = {
    store,
    senders,
    send: accept,
    cluster: "longshore",
    ...(given.stack && { stack: given.stack }),
    isLocal: true,
    openLogs: async () => given.logs ?? { pages: async function* () {}, close: () => {} },
    close: () => {},
  };
  const install: MemoryInstall = {
    store,
    clock,
    connection,
    run: async (...args) => {
      let pauses = 0;
      let end = () => {};
      const text = { out: "", progress: "" };
      const output = (name: keyof typeof text) => ({
        write: (more: string) => {
          text[name] += more;
        },
        isTerminal: false,
        columns: given.columns ?? Number.POSITIVE_INFINITY,
        hasColours: false,
        get isClosed() {
          return pauses >= (given.closesAfterPauses ?? Number.POSITIVE_INFINITY);
        },
      });
      const session: Session = {
        out: output("out"),
        progress: output("progress"),
        readInput: async () => Buffer.from(given.input ?? ""),
        ask: async () => given.answer,
        nowMs: clock.nowMs,
        pause: async (ms) => {
          clock.advance(ms);
          await given.onPause?.(install);
          pauses += 1;
          if (pauses === given.endsAfterPauses) end();
        },
        onEnd: (handler) => {
          end = handler;
        },
        connect: async () => connection,
      };
      return { code: await run(args, session), ...text };
    },
    decide: (...conditions) => decide(store, {}, conditions),
    decideState: (state, ...conditions) => decide(store, state, conditions),
  };
  return install;
}

function acceptor({ store, clock, senderId }: { store: MemoryStore; clock: VirtualClock; senderId: string }) {
  const ports: Pick<Ports, "settings" | "store" | "queues" | "clock" | "random" | "log"> = {
    settings: aSettings(),
    store,
    queues: memoryQueues(clock),
    clock,
    random: seededRandom(1),
    log: memoryLog(),
  };
  let messages = 0;
  return async (body: string) => {
    messages += 1;
    const messageId = `message-${messages}`;
    await acceptCommand({ body, sizeBytes: Buffer.byteLength(body), senderId, messageId }, ports as Ports);
    return messageId;
  };
}

const revision = "0123456789" as Revision;
const key = serviceKey("shop", "web");

async function decide(
  store: MemoryStore,
  given: Partial<StateRecord>,
  told: readonly Partial<Condition>[],
): Promise<void> {
  const spec = await store.get<SpecRecord>(keys.spec(key));
  const state = await store.get<StateRecord>(keys.state(key));
  const conditions = told.map(
    (each): Condition => ({
      type: "Progressing",
      status: "True",
      reason: "Told",
      message: "so it is",
      sinceMs: 0,
      ...each,
    }),
  );
  const decided = { generation: spec?.generation ?? 0, conditions, tombstone: false, ...given };
  if (state) await store.swap(state, decided);
  else
    await store.create<StateRecord>({
      ...keys.state(key),
      schema,
      uid: spec?.uid ?? "",
      cluster: "longshore",
      plan: { sets: [], maxLive: 0, barred: [] },
      planVersion: 1,
      sealVersion: 0,
      held: { tasks: 0, cpuUnits: 0, memoryMib: 0 },
      stops: {},
      backOffs: [],
      progress: { revision, updated: 0, ready: 0, available: 0, older: 0, atMs: 0, complete: false },
      ...decided,
    });
}

/** A manifest of shop/web, as YAML; `spec` stands below its `spec`. */
export function manifestText(spec = "replicas: 2", name = "web"): string {
  return [
    "apiVersion: longshore.dev/v1",
    "kind: Service",
    `metadata: { namespace: shop, name: ${name} }`,
    "spec:",
    ...spec.split("\n").map((line) => `  ${line}`),
    "  task: { containers: [{ name: app, image: shop/web:1, cpuUnits: 64, memoryMib: 64 }] }",
    "",
  ].join("\n");
}

/** The manifest of namespace shop: AROACI deploys there, AIDAJANE may pause and resume. */
export const namespaceText = [
  "apiVersion: longshore.dev/v1",
  "kind: Namespace",
  "metadata: { name: shop }",
  "spec: { grants: [{ principal: AROACI, role: deployer }, { principal: AIDAJANE, verbs: [pause, resume] }] }",
  "",
].join("\n");

/** The install's manifest: `local` and AROAADMIN administrate it, AROAONCALL operates everywhere. */
export const installText = [
  "apiVersion: longshore.dev/v1",
  "kind: Install",
  "spec: { administrators: [local, AROAADMIN], grants: [{ principal: AROAONCALL, role: operator }] }",
  "",
].join("\n");
