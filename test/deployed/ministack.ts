import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePorts } from "../../local/free-ports.ts";
import { eventually } from "../local/eventually.ts";
import type { Docker } from "../support/docker.ts";
import { pythonWith } from "../support/python.ts";

const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));

/** How a MiniStack is started. */
export interface MiniStackOptions {
  /** Where its tasks run as containers; absent: tasks are records that say RUNNING. */
  readonly docker?: Docker;
  /** Default: us-east-1. */
  readonly region?: string;
}

/** A MiniStack that answers, with an account and an access key that no other has had. */
export interface MiniStack {
  /** Of `localhost`, as the CDK wants it, though it listens on 127.0.0.1 alone. */
  readonly url: string;
  readonly port: number;
  readonly region: string;
  readonly accountId: string;
  /** For AWS's SDKs, its command line and the CDK: endpoint, region, credentials, and a `CDK_HOME` of its own. */
  readonly environment: Readonly<Record<string, string>>;
  /** All that it and its functions wrote so far. */
  log(): string;
  /** Ends it, the functions' processes and the containers that it started. */
  close(): Promise<void>;
}

/**
 * Starts MiniStack, somebody else's AWS, from PyPI in a virtual environment. Its functions run on our Node.
 * @throws Error with what it wrote when it does not answer within 30 s
 */
export async function startMiniStack({ docker, region = "us-east-1" }: MiniStackOptions = {}): Promise<MiniStack> {
  const python = await pythonWith(requirements);
  const port = await freePorts().next();
  const accountId = String(randomInt(1e11, 1e12));
  const home = mkdtempSync(join(tmpdir(), "longshore-ministack-"));
  const logFile = join(home, "ministack.log");
  const host = `longshore-${accountId}`;
  const process = spawnInto(logFile, [python, "-m", "ministack"], {
    // The first node on its path runs its functions, and all that it is given here they are given too.
    PATH: [dirname(globalThis.process.execPath), globalThis.process.env.PATH].join(delimiter),
    HOME: home,
    TMPDIR: home,
    BIND_HOST: "127.0.0.1",
    GATEWAY_PORT: String(port),
    MINISTACK_HOSTNAME: host,
    MINISTACK_REGION: region,
    MINISTACK_ACCOUNT_ID: accountId,
    S3_DATA_DIR: join(home, "s3"),
    // A busy machine's Docker takes longer than the default of 10 s.
    MINISTACK_DOCKER_TIMEOUT: "60",
    // Listeners that nobody here needs.
    IOT_MTLS_ENABLED: "0",
    SFTP_ENABLED: "0",
    ...(!docker && { DOCKER_HOST: `unix://${join(home, "none.sock")}` }),
  });
  const url = `http://localhost:${port}`;
  const log = () => readFileSync(logFile, "utf8");
  const close = async () => {
    await endGroup(process);
    if (docker) await removeContainers(docker, `ministack.instance=${host}:${port}`);
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  try {
    await eventually("MiniStack to answer", () => answers(url, process), 30_000);
  } catch (cause) {
    const written = log();
    await close();
    throw new Error(`MiniStack did not start:\n${written}`, { cause });
  }
  const environment = clientEnvironment({ url, region, accountId, home });
  return { url, port, region, accountId, environment, log, close };
}

function clientEnvironment({ url, region, accountId, home }: Record<"url" | "region" | "accountId" | "home", string>) {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // The CDK remembers whose account a key is of: no key is used twice.
    AWS_ACCESS_KEY_ID: `AKIA${randomBytes(8).toString("hex").toUpperCase()}`,
    AWS_SECRET_ACCESS_KEY: randomBytes(20).toString("hex"),
    CDK_HOME: join(home, "cdk"),
    CDK_DEFAULT_ACCOUNT: accountId,
    CDK_DEFAULT_REGION: region,
  };
}

/** In a process group of its own, so that what it starts can be ended with it. */
function spawnInto(logFile: string, [program, ...args]: [string, ...string[]], env: NodeJS.ProcessEnv): ChildProcess {
  const output = openSync(logFile, "a");
  const child = spawn(program, args, { detached: true, env, cwd: env.HOME, stdio: ["ignore", output, output] });
  closeSync(output);
  return child;
}

async function answers(url: string, process: ChildProcess): Promise<true | undefined> {
  if (process.exitCode !== null) throw new Error(`it ended with exit code ${process.exitCode}`);
  const response = await fetch(`${url}/_ministack/health`).catch(() => undefined);
  return response?.ok || undefined;
}

const graceMs = 10_000;

async function endGroup(process: ChildProcess): Promise<void> {
  const { pid } = process;
  if (pid === undefined) return;
  if (process.exitCode === null && process.signalCode === null) {
    const exited = once(process, "exit");
    process.kill("SIGTERM");
    const timer = setTimeout(() => process.kill("SIGKILL"), graceMs);
    await exited;
    clearTimeout(timer);
  }
  try {
    globalThis.process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in the group: each of its functions ended when its input did.
  }
}

async function removeContainers(docker: Docker, label: string): Promise<void> {
  const ids = (await docker.run(["ps", "--all", "--quiet", "--filter", `label=${label}`])).split("\n").filter(Boolean);
  if (ids.length > 0) await docker.run(["rm", "--force", "--volumes", ...ids]);
}
