/** What every client of the local cluster uses; its account is fixed by the queue emulator. */
export const localRegion = "us-east-1";
/** @see localRegion */
export const localAccount = "000000000000";
/** Signs for whoever names no other key; queues show it as the sender's id. */
const localAccessKey = "local";

/** Settings of an AWS SDK client for an endpoint of ours; the access key is what queues show as the sender's id. */
export function clientSettings(url: string, accessKey: string = localAccessKey) {
  return {
    endpoint: url,
    region: localRegion,
    credentials: { accessKeyId: accessKey, secretAccessKey: "local" },
  } as const;
}

/** The same for a process: environment variables that AWS's SDKs, its CLI and most other clients read. */
export function clientEnvironment(url: string, accessKey: string = localAccessKey): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: localRegion,
    AWS_DEFAULT_REGION: localRegion,
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: "local",
  };
}

/** Variables for a POSIX shell: one `export NAME='value'` a line. */
export function exportLines(variables: Readonly<Record<string, string>>): string {
  const quote = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join("");
}
