import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Docker } from "../support/docker.ts";
import { cdk, clone } from "./cdk.ts";
import { type MiniStack, startMiniStack } from "./ministack.ts";

/** What the stack says of itself: the outputs that the command line reads, too. */
export interface Outputs {
  readonly LongshoreInstall: string;
  readonly LongshoreCluster: string;
  readonly LongshoreCommandsQueueUrl: string;
}

/** The product, deployed. */
export interface Deployment {
  readonly ministack: MiniStack;
  readonly outputs: Outputs;
  /** Runs the CDK on the app that was deployed. */
  cdk(...args: string[]): Promise<string>;
}

/**
 * Deploys the app as a user does, by `cdk bootstrap` and `cdk deploy`, into a MiniStack of its own.
 * @param directory The clone whose app it is.
 */
export async function deploy(docker: Docker, directory: string = clone): Promise<Deployment> {
  const ministack = await startMiniStack({ docker });
  const { accountId, region, environment } = ministack;
  const output = join(environment.CDK_HOME ?? "", "cdk.out");
  const run = (...args: string[]) =>
    cdk(args.includes("--output") || args.includes("--app") ? args : [...args, "--output", output], {
      directory,
      environment,
    });
  try {
    await run("bootstrap", `aws://${accountId}/${region}`);
    const outputsFile = `${output}.json`;
    await run("deploy", "--require-approval", "never", "--outputs-file", outputsFile);
    const stacks: Record<string, Outputs> = JSON.parse(readFileSync(outputsFile, "utf8"));
    const [outputs] = Object.values(stacks);
    if (!outputs) throw new Error("the stack has no outputs");
    return { ministack, outputs, cdk: run };
  } catch (error) {
    await ministack.close();
    throw error;
  }
}
