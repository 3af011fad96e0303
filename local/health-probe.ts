import type { SpawnOptions } from "node:child_process";
import { killGroup, spawnGroup } from "./process-groups.ts";

/** A program, and its arguments. */
export type Program = readonly [file: string, ...args: string[]];

/** Whether a program ends with 0 within its time; false too when it cannot be started or the signal ends it. */
export function passes(
  [file, ...args]: Program,
  surroundings: Pick<SpawnOptions, "cwd" | "env">,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = spawnGroup(file, args, { ...surroundings, stdio: "ignore" });
  const { pid } = child;
  child.once("error", () => resolve(false));
  if (pid === undefined) return promise;
  const end = () => killGroup(pid);
  const timer = setTimeout(end, timeoutMs);
  signal.addEventListener("abort", end);
  child.once("exit", (code) => {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    resolve(code === 0);
  });
  return promise;
}
