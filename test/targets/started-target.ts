/** An AWS that answers on this machine, or wherever its address leads. */
export interface StartedTarget {
  /** What it is, such as `moto 5.2.5`. */
  readonly title: string;
  /** Of AWS's SDKs: one endpoint for all services or one for each that it has, region and credentials. */
  readonly variables: Readonly<Record<string, string>>;
  /** What tasks of the probe are: an image from which this program goes on for a minute. Default: this machine's Node. */
  readonly program?: { readonly image: string; readonly command: readonly string[] };
  /** A cluster that has machines. Default: the probe makes one, and tries to add machines. */
  readonly cluster?: string;
  /** URL of a queue that task events arrive on. Default: the probe asks for a rule. */
  readonly eventsQueue?: string;
  close(): Promise<void>;
}

/** Region and credentials for who looks at no signature. */
export const anybody = {
  AWS_REGION: "us-east-1",
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
} as const;
