import { fileURLToPath } from "node:url";
import { pythonWith } from "../support/python.ts";
import { pinnedVersion } from "./pinned.ts";
import { startServer } from "./server-process.ts";
import { anybody, type StartedTarget } from "./started-target.ts";

const requirements = fileURLToPath(new URL("moto-requirements.txt", import.meta.url));

/** Its tasks would come nearer to their end each time that somebody looks. */
const pinned = { model_name: "ecs::task", transition: { progression: "manual", times: 1_000_000 } };

/** moto from PyPI, in a virtual environment. @throws Error with what it wrote when it does not start */
export async function startMoto(): Promise<StartedTarget> {
  const python = await pythonWith(requirements);
  const server = await startServer({
    name: "moto",
    command: (port) => [python, "-m", "moto.server", "-H", "127.0.0.1", "-p", String(port)],
    env: { MOTO_ACCOUNT_ID: "123456789012" },
  });
  const path = `${server.url}/moto-api/state-manager/set-transition`;
  const response = await fetch(path, { method: "POST", body: JSON.stringify(pinned) });
  if (!response.ok) {
    await server.close();
    throw new Error(`moto refuses to leave its tasks as they are: ${response.status} ${await response.text()}`);
  }
  return {
    title: `moto ${pinnedVersion("moto")}, its tasks pinned to RUNNING`,
    variables: { ...anybody, AWS_ENDPOINT_URL: server.url },
    close: server.close,
  };
}
