import { serviceOfGroup } from "../../core/model/names.ts";
import type { EventEnvelope } from "../ecs/api.ts";
import type { CallSite, Outcome } from "../world/call-site.ts";
import type { Answer } from "../world/calls.ts";
import { tellCall } from "./tell-call.ts";
import { short } from "./tell-words.ts";

/** What happened in a run, in the words of `docs/glossary.md`, a line each. */
export interface Story {
  /** Something that nobody did by a call. */
  tell(words: string): void;
  /** What becomes of a call is drawn; told where it does not simply go well. */
  suffered(site: CallSite, outcome: Outcome): void;
  /** A call was carried out; told where it changed something that people have a word for. */
  answered(site: CallSite, answer: Answer): void;
  /** What a task or a node has become, in truth. */
  event(event: EventEnvelope): void;
  /** The last lines. */
  last(count: number): readonly string[];
}

const mostLines = 1_000;

/** Begins a story. @param clock tells the time since then @param installId known once there is an install */
export function story(clock: { nowMs(): number }, installId: () => string): Story {
  const beganMs = clock.nowMs();
  const lines: string[] = [];
  const said = new Map<string, string>();
  const tell = (words: string) => {
    lines.push(`${timeOf(clock.nowMs() - beganMs)}  ${words}`);
    if (lines.length >= 2 * mostLines) lines.splice(0, mostLines);
  };
  return {
    tell,
    suffered: (site, outcome) => {
      if (outcome !== "ok") tell(`! ${whereOf(site)} ${mishapOf(outcome)}`);
    },
    answered: (site, answer) => {
      for (const words of tellCall(site, answer)) tell(`${whoOf(site)} ${words}`);
    },
    event: (event) => {
      const words = wordsOf(event, installId());
      const [about = ""] = event.resources;
      // Of a node there are events for every task that it gets.
      if (words === undefined || said.get(about) === words) return;
      said.set(about, words);
      tell(words);
    },
    last: (count) => lines.slice(-count),
  };
}

/** `1:02:03.456` since the begin. */
function timeOf(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `${Math.floor(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1_000) % 60)}.${String(ms % 1_000).padStart(3, "0")}`;
}

function whoOf({ handler, pass }: CallSite): string {
  return `${handler} (pass ${pass})`;
}

function whereOf(site: CallSite): string {
  const [first] = site.args as readonly ({ readonly partition?: string; readonly sort?: string } | undefined)[];
  const of = first?.partition === undefined ? "" : ` of ${first.partition} ${first.sort ?? ""}`.trimEnd();
  return `${whoOf(site)}: ${site.port}.${site.method}${of}`;
}

function mishapOf(outcome: Exclude<Outcome, "ok">): string {
  switch (outcome) {
    case "not applied":
      return "fails, and was not applied";
    case "answer lost":
      return "is applied, and its answer is lost";
    case "dies before":
      return "is where the pass dies; it was not applied";
    case "dies after":
      return "is where the pass dies; it was applied";
  }
  switch (outcome.kind) {
    case "freeze":
      return `stands still for ${Math.round(outcome.ms / 1_000)} s${outcome.applied ? ", once it was applied" : ""}`;
    case "fault":
      return `fails with ${outcome.fault.code}`;
    case "instead":
      return "is answered by something else";
  }
}

function wordsOf({ detail, "detail-type": type }: EventEnvelope, installId: string): string | undefined {
  const text = (name: string) => String(detail[name] ?? "");
  if (type !== "ECS Task State Change") {
    const agent = detail.agentConnected === false ? ", its agent disconnected" : "";
    return `node ${short(text("containerInstanceArn"))} (${text("ec2InstanceId")}) is ${text("status")}${agent}`;
  }
  const status = text("lastStatus");
  if (status !== "RUNNING" && status !== "STOPPED") return undefined;
  const owner = serviceOfGroup(installId, text("group")) ?? "somebody else";
  const why = status === "STOPPED" ? `: ${text("stopCode")} ${text("stoppedReason")}`.trimEnd() : "";
  const leaving = status !== "STOPPED" && text("desiredStatus") === "STOPPED" ? ", to be stopped" : "";
  return `task ${short(text("taskArn"))} of ${owner} is ${status}${leaving}${why}`;
}
