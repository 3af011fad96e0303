import { connect, createServer } from "node:net";
import type { Docker } from "../support/docker.ts";
import { nodeImage } from "../support/node-image.ts";

/** What lets containers reach MiniStack, which listens on 127.0.0.1 alone. */
export interface Bridge {
  close(): Promise<void>;
}

/**
 * Carries connections from containers to a port of 127.0.0.1, as Docker's desktop editions do by themselves: MiniStack
 * tells its tasks that AWS is at that port of `host.docker.internal`. It listens on the address that the host has on
 * Docker's own bridge, which no network leads to.
 */
export async function bridgeTo(port: number, docker: Docker): Promise<Bridge> {
  const gateway = await hostInContainers(docker);
  const server = createServer((incoming) => {
    const outgoing = connect(port, "127.0.0.1");
    // Each end goes when the other does, however that went.
    incoming.on("error", () => outgoing.destroy()).on("close", () => outgoing.destroy());
    outgoing.on("error", () => incoming.destroy()).on("close", () => incoming.destroy());
    incoming.pipe(outgoing).pipe(incoming);
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, gateway, resolve));
  return {
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The address by which containers know the host. */
async function hostInContainers(docker: Docker): Promise<string> {
  const image = await nodeImage(docker);
  const print = 'console.log(require("node:fs").readFileSync("/etc/hosts", "utf8"))';
  const hosts = await docker.run(["run", "--rm", "--add-host", "the-host:host-gateway", image, "--eval", print]);
  const [, address] = /^(\S+)\s+the-host$/m.exec(hosts) ?? [];
  if (!address) throw new Error(`Docker gives the host no address: ${hosts}`);
  return address;
}
