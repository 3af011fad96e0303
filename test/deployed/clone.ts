import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { functionNames } from "../../infra/names.ts";
import { clone } from "./cdk.ts";

/** A copy of the clone that can be changed. */
export interface Copy {
  readonly directory: string;
  /** Changes the code of every function, as a new version does, and nothing that it does. */
  release(): void;
  remove(): void;
}

/** What is made, and not written. */
const made = new Set([".git", ".longshore", "cdk.out", "dist", "node_modules"]);

/** Copies the clone that this is part of; both have the same dependencies. */
export function copyClone(): Copy {
  const directory = mkdtempSync(join(tmpdir(), "longshore-clone-"));
  cpSync(clone, directory, { recursive: true, filter: (path) => !made.has(relative(clone, path)) });
  symlinkSync(join(clone, "node_modules"), join(directory, "node_modules"));
  return {
    directory,
    release: () => {
      for (const name of functionNames)
        appendFileSync(join(directory, "lambdas", `${name}.ts`), '\nexport const release = "next";\n');
    },
    remove: () => rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }),
  };
}
