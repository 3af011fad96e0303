import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { ensureDocker } from "../support/docker.ts";
import { clone } from "./cdk.ts";
import { deploy, type Outputs } from "./deployment.ts";
import { buildImages } from "./images.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly environment: Readonly<Record<string, string>>;
    readonly outputs: Outputs;
  }
}

/** Deploys the product once, for all files that only use it; ends everything when they are done. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const docker = await ensureDocker();
  await buildImages(docker);
  const { ministack, outputs } = await deploy(docker);
  project.provide("environment", ministack.environment);
  project.provide("outputs", outputs);
  return async () => {
    // For whoever wonders why a test failed: what MiniStack and the functions wrote.
    writeFileSync(join(clone, ".longshore/deployed.log"), ministack.log());
    await ministack.close();
  };
}
