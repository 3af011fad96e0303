import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../core/ports/log.ts";
import { tellWhereReachable } from "../../local/reachable.ts";
import type { EcsEngine, EngineContainer, EngineTask, EventEnvelope } from "../../sim/ecs/api.ts";

const arn = "arn:aws:ecs:us-east-1:000000000000:task/longshore/8ea2192f51d04c1b9f7e6d5c4b3a2910";

/** What is told when a task, seen in these states one after another, is told of. */
function told(states: readonly EngineTask["lastStatus"][], task: object = {}): readonly LogEntry[] {
  const entries: LogEntry[] = [];
  const listeners: ((event: EventEnvelope) => void)[] = [];
  let lastStatus: EngineTask["lastStatus"] = "PENDING";
  const container = { hostPorts: { 8080: 23278 } } as Partial<EngineContainer> as EngineContainer;
  const seen = () => ({ arn, group: "longshore/local000/shop/web", containers: [container], lastStatus, ...task });
  const tasks = () => [seen() as Partial<EngineTask> as EngineTask];
  const engine = { tasks, onEvent: (listener) => void listeners.push(listener) } as Partial<EcsEngine> as EcsEngine;
  tellWhereReachable(engine, "local000", { write: (entry) => void entries.push(entry) });
  for (const state of states) {
    lastStatus = state;
    for (const listen of listeners) listen({ resources: [arn] } as Partial<EventEnvelope> as EventEnvelope);
  }
  return entries;
}

describe("where a task is reached", () => {
  const message = "task 8ea2192f51d04c1b9f7e6d5c4b3a2910  http://127.0.0.1:23278";

  test("is told once it runs, with its service", () => {
    expect(told(["PENDING", "RUNNING"])).toEqual([{ level: "info", message, service: "shop/web" }]);
  });

  test.for([
    { name: "once, however often it is seen", states: ["RUNNING", "RUNNING"], task: {}, messages: [message] },
    { name: "not before it runs", states: ["PENDING", "STOPPED"], task: {}, messages: [] },
    { name: "of nothing without a port", states: ["RUNNING"], task: { containers: [{ hostPorts: {} }] }, messages: [] },
    {
      name: "with every port",
      states: ["RUNNING"],
      task: { containers: [{ hostPorts: { 80: 1, 81: 2 } }, { hostPorts: { 82: 3 } }] },
      messages: ["task 8ea2192f51d04c1b9f7e6d5c4b3a2910  http://127.0.0.1:1  http://127.0.0.1:2  http://127.0.0.1:3"],
    },
    { name: "of somebody else's task too", states: ["RUNNING"], task: { group: "family:x" }, messages: [message] },
  ] as const)("$name", ({ states, task, messages }) => {
    expect(told(states, task).map((entry) => entry.message)).toEqual(messages);
  });
});
