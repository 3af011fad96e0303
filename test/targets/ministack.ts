import { startMiniStack } from "../deployed/ministack.ts";
import { ensureDocker } from "../support/docker.ts";
import { nodeImage } from "../support/node-image.ts";
import { pinnedVersion } from "./pinned.ts";
import { minute } from "./probe/probe.ts";
import type { StartedTarget } from "./started-target.ts";

/** MiniStack from PyPI, whose tasks are containers where there is a Docker engine, or where one can be started. */
export async function startMiniStackTarget(): Promise<StartedTarget> {
  const docker = await ensureDocker().catch((error: unknown) => console.log(`no containers: ${error}`));
  const image = docker && (await nodeImage(docker));
  const { url, environment, close } = await startMiniStack(docker ? { docker } : {});
  return {
    title: `MiniStack ${pinnedVersion("ministack")}, its tasks are ${docker ? "containers" : "records"}`,
    variables: { ...environment, AWS_ENDPOINT_URL: url.replace("localhost", "127.0.0.1") },
    ...(image && { program: { image, command: ["/usr/bin/node", "-e", minute] } }),
    close,
  };
}
