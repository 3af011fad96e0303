import { anybody, type StartedTarget } from "./started-target.ts";

/** An endpoint that somebody else started, with the credentials of our environment if it has some. */
export async function startUrl(url: string): Promise<StartedTarget> {
  const { origin } = new URL(url);
  const known = Object.keys(anybody).filter((name) => process.env[name]);
  const ours = Object.fromEntries(known.map((name) => [name, process.env[name] ?? ""]));
  return { title: origin, variables: { ...anybody, ...ours, AWS_ENDPOINT_URL: origin }, close: async () => {} };
}
