import { existsSync } from "node:fs";
import { LocalstackContainer } from "@testcontainers/localstack";
import { ensureDocker } from "../support/docker.ts";
import { ministackImage } from "./ministack-image.ts";
import { anybody, type StartedTarget } from "./started-target.ts";

/** Testcontainers publishes ports on every address of the machine. */
class LoopbackLocalstackContainer extends LocalstackContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    await super.beforeContainerCreated();
    for (const bindings of Object.values(this.hostConfig.PortBindings ?? {})) {
      for (const binding of (bindings ?? []) as { HostIp?: string }[]) binding.HostIp = "127.0.0.1";
    }
  }
}

/**
 * An image that answers as LocalStack does, started by Testcontainers: the one that LOCALSTACK_IMAGE names, with
 * LOCALSTACK_AUTH_TOKEN if that is set. Where none is named, MiniStack in an image made here: none has to be pulled.
 */
export async function startLocalstack(): Promise<StartedTarget> {
  const docker = await ensureDocker();
  const image = process.env.LOCALSTACK_IMAGE || (await ministackImage(docker));
  const token = process.env.LOCALSTACK_AUTH_TOKEN;
  // What ends the containers of a process that died is an image of its own, which may have to be pulled.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= "true";
  // Within a container Testcontainers takes the gateway for the host of what it started.
  if (existsSync("/.dockerenv")) process.env.TESTCONTAINERS_HOST_OVERRIDE ??= "127.0.0.1";
  const container = await new LoopbackLocalstackContainer(image)
    .withEnvironment({ ...(token && { LOCALSTACK_AUTH_TOKEN: token }) })
    .start();
  const url = container.getConnectionUri().replace("localhost", "127.0.0.1");
  return {
    title: `${image} by Testcontainers`,
    variables: { ...anybody, AWS_ENDPOINT_URL: url },
    close: async () => void (await container.stop()),
  };
}
