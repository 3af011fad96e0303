import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../support/python.ts";

const cache = fileURLToPath(new URL("../../.longshore", import.meta.url));
const copyDependencies = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

/** What is missing here of what Java programs from Maven need; undefined: nothing is. */
export function missingForJava(): string | undefined {
  return ["java", "javac", "mvn"].find((name) => spawnSync(name, ["-version"]).status !== 0);
}

/**
 * Fetches the jars that a Maven project depends on, once for each list of them. Answers the folder that has them.
 * @throws Error with Maven's output when they cannot be fetched
 */
export async function jarsOf(pom: string): Promise<string> {
  const key = createHash("sha256").update(readFileSync(pom)).digest("hex").slice(0, 12);
  const home = join(cache, `jars-${key}`);
  if (existsSync(home)) return home;
  mkdirSync(cache, { recursive: true });
  // Made aside and moved when it is whole, as Python's environments are.
  const making = mkdtempSync(join(cache, "making-jars-"));
  try {
    const settings = ["-DincludeScope=runtime", `-DoutputDirectory=${making}`];
    await run("mvn", ["--quiet", "--batch-mode", "--file", pom, copyDependencies, ...settings]);
    if (!existsSync(home)) renameSync(making, home);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return home;
}
