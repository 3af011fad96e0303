import type { Environment } from "../aws/environment.ts";
import { CommandError } from "./command-error.ts";
import { exit } from "./exit-codes.ts";

/** Where AWS is, and who we are there. */
export interface Endpoint {
  /** For people. */
  readonly url: string;
  readonly isLocal: boolean;
  readonly accessKey: string | undefined;
  /** What clients are built from. */
  readonly environment: Environment;
}

const localUrl = "http://127.0.0.1:4566";

/** What `longshore dev` tells clients to use; its endpoint takes any other as well. */
const localDefaults = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };

/** Any of these says that AWS is meant, or another endpoint. */
const awsVariable = /^AWS_(ENDPOINT_URL(_.+)?|PROFILE|REGION|DEFAULT_REGION|ACCESS_KEY_ID|ROLE_ARN|CONTAINER_.+)$/;

/**
 * The endpoint that is given, else the environment's, else the local cluster's where nothing in the environment says
 * otherwise. An endpoint on this machine needs neither region nor credentials.
 * @param fallback What is meant where nothing says so.
 * @throws CommandError when the URL is none, or AWS is meant and no region is named.
 */
export function resolveEndpoint(
  given: string | undefined,
  environment: Environment,
  fallback: "local cluster" | "aws" = "local cluster",
): Endpoint {
  const meansAws = Object.entries(environment).some(([name, value]) => value && awsVariable.test(name));
  const url = given ?? (environment.AWS_ENDPOINT_URL || (meansAws || fallback === "aws" ? undefined : localUrl));
  if (url === undefined) return onAws(environment, fallback);
  const isLocal = isOnThisMachine(url);
  const others = Object.entries(environment).filter(([name]) => !given || !name.startsWith("AWS_ENDPOINT_URL"));
  const set: Environment = Object.fromEntries(others.filter(([, value]) => value));
  const all: Environment = { ...(isLocal ? defaultsBeside(set) : {}), ...set, AWS_ENDPOINT_URL: url };
  return { url, isLocal, accessKey: all.AWS_ACCESS_KEY_ID, environment: all };
}

/** That nothing says which region is meant. */
export function noRegion(): CommandError {
  return new CommandError(exit.invalid, "AWS_REGION must be the name of a region, got nothing; set it, or --endpoint");
}

function onAws(environment: Environment, fallback: "local cluster" | "aws"): Endpoint {
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION;
  // Whoever names a stack means AWS, so the region may also be that of the default profile: the SDK knows.
  if (!region && !environment.AWS_PROFILE && fallback !== "aws") throw noRegion();
  const url = `AWS${region ? ` in ${region}` : ""}`;
  return { url, isLocal: false, accessKey: undefined, environment };
}

/** A key that is set goes with its own secret, or with none. */
function defaultsBeside({ AWS_DEFAULT_REGION, AWS_ACCESS_KEY_ID }: Environment): Environment {
  const { AWS_REGION, ...credentials } = localDefaults;
  return {
    ...(AWS_DEFAULT_REGION ? {} : { AWS_REGION }),
    ...(AWS_ACCESS_KEY_ID ? { AWS_SECRET_ACCESS_KEY: credentials.AWS_SECRET_ACCESS_KEY } : credentials),
  };
}

function isOnThisMachine(url: string): boolean {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new CommandError(exit.invalid, `the endpoint must be a URL such as ${localUrl}, got ${JSON.stringify(url)}`);
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(parsed.hostname);
}
