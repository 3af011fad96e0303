import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** The clone that this is part of. */
export const clone = fileURLToPath(new URL("../..", import.meta.url));

const program = createRequire(import.meta.url).resolve("aws-cdk/bin/cdk");
const timeoutMs = 120_000;

/** How the CDK's command line is run. */
export interface CdkOptions {
  /** Where `cdk.json` is. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs the CDK's command line, as users do, with nothing of ours around it. Answers all that it wrote.
 * @throws Error with all that it wrote when it fails, or takes more than two minutes
 */
export function cdk(args: readonly string[], { directory, environment }: CdkOptions): Promise<string> {
  // What this machine's own environment says of AWS and of an install is not meant for it.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS|LONGSHORE|CDK)_/.test(name));
  return new Promise((resolve, reject) => {
    const options = {
      cwd: directory,
      env: { ...Object.fromEntries(inherited), ...environment, CI: "true" },
      timeout: timeoutMs,
    };
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`cdk ${args.join(" ")}: ${error.message}\n${stdout}${stderr}`));
      else resolve(`${stdout}${stderr}`);
    });
  });
}
