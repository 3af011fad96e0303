import type { TaskId } from "../../core/model/ids.ts";
import type { Item, RunTaskInput } from "../../core/model/records.ts";
import type { RunAnswer } from "../../core/ports/tasks.ts";
import type { CallSite } from "../world/call-site.ts";
import type { Answer } from "../world/calls.ts";
import { nameOf, written } from "../world/witness.ts";
import { tellItem } from "./tell-item.ts";
import { short, subjectOf } from "./tell-words.ts";

/** What a call that was carried out did, in words; empty: nothing that people have a word for. */
export function tellCall(site: CallSite, answer: Answer): readonly string[] {
  if (!site.mutates) return [];
  const item = written(site, answer);
  if (item !== undefined) return tellItem(item, site.method === "swap" ? (site.args[0] as Item) : undefined);
  if (answer.kind === "error") return [`${wordsOfCall(site)}: refused, ${errorOf(answer.error)}`];
  switch (nameOf(site)) {
    case "tasks.run":
      return [`${wordsOfCall(site)}: ${wordsOfRun(answer.value as RunAnswer)}`];
    case "tasks.stop":
    case "tasks.define":
    case "targets.register":
    case "targets.deregister":
      return [wordsOfCall(site)];
    case "store.remove":
      return wordsOfRemoval(site.args[0] as Item);
    case "store.take":
      return answer.value === false ? ["finds its budget spent"] : [];
    default:
      return [];
  }
}

function wordsOfCall(site: CallSite): string {
  const [first, second] = site.args;
  switch (nameOf(site)) {
    case "tasks.run": {
      const { group, count, clientToken } = first as RunTaskInput;
      const key = group.split("/").slice(2).join("/");
      return `sends RunTask for ${count} of ${key} (token ${clientToken.slice(0, 6)})`;
    }
    case "tasks.stop":
      return `sends StopTask for task ${short(second as TaskId)}`;
    case "targets.register":
      return "registers targets";
    case "targets.deregister":
      return "deregisters targets";
    case "tasks.define":
      return "registers a task definition";
    default:
      return nameOf(site);
  }
}

function wordsOfRun({ tasks, failures }: RunAnswer): string {
  const started = tasks.length > 0 ? `started ${tasks.map(({ taskId }) => short(taskId)).join(" ")}` : "started none";
  return failures.length > 0 ? `${started}; ${failures.map(({ reason }) => reason).join(", ")}` : started;
}

/** What is over is cleared away in time: that tells nothing. */
function wordsOfRemoval({ partition, sort }: Item): readonly string[] {
  return sort === "spec" || sort === "state" ? [`removes the ${sort} of ${subjectOf(partition)}`] : [];
}

function errorOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
