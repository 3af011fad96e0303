import type { CallSite, Outcome } from "../world/call-site.ts";
import type { EventDelivery } from "../world/event-messages.ts";
import { unavailableCode } from "./outages.ts";

/**
 * The classes of faults that the simulator has, by their ids in the fault model. The others are absent, so that no count
 * of 0 is taken for one that was looked for.
 */
export const faultClasses = {
  F1: "a pass dies between two calls",
  F2: "a call times out",
  F3: "a pass stands still for a minute or longer, and goes on",
  F4: "two passes over the same key at once",
  F7: "a message is delivered twice",
  F15: "an event is lost",
  F16: "an event is delivered twice",
  F17: "an event comes late, and behind later ones",
  F25: "ECS or the load balancers throttle",
  F26: "ECS or the load balancers fail before or after the effect",
  F31: "a start is accepted, and the task cannot run",
  F33: "ECS or the load balancers are slow or down",
  F36: "a write is applied, and its answer lost",
  F39: "the store is down",
  F41: "a task crashes or fails its checks",
  F42: "a node is lost",
  F43: "an agent disconnects for a time",
  F44: "a zone is lost",
  F45: "all agents disconnect at once",
  F47: "there is no capacity",
  F48: "metrics are missing",
  F52: "tasks that are not ours, and stops by hand",
  F53: "a malformed manifest",
  F54: "a permission is denied suddenly",
} as const;

/** Id of a class of faults. */
export type FaultClass = keyof typeof faultClasses;

const longMs = 60_000;

/** The class of what became of a call; undefined: it went well, or stood still for less than a minute. */
export function classOf({ port, mutates }: CallSite, outcome: Outcome): FaultClass | undefined {
  const isAws = port === "tasks" || port === "targets";
  switch (outcome) {
    case "ok":
      return undefined;
    case "dies before":
    case "dies after":
      return "F1";
    case "not applied":
      return isAws ? "F26" : "F2";
    case "answer lost":
      return isAws ? "F26" : port === "store" && mutates ? "F36" : "F2";
  }
  switch (outcome.kind) {
    case "freeze":
      return isAws ? "F33" : outcome.ms >= longMs ? "F3" : undefined;
    case "fault":
      if (outcome.fault.code === unavailableCode) return isAws ? "F33" : "F39";
      return outcome.fault.throttled ? "F25" : "F54";
    case "instead":
      return undefined;
  }
}

/** The classes of what becomes of each event. */
export function classesOfEvents(how: EventDelivery): readonly FaultClass[] {
  switch (how) {
    case true:
      return [];
    case false:
      return ["F15"];
    case "doubled":
      return ["F16"];
    case "shuffled":
      return ["F17"];
    case "doubled and shuffled":
      return ["F16", "F17"];
  }
}
