import type { ExitCode } from "./exit-codes.ts";

/** Ends the command with a message for people: what, which value, what is allowed, what to do. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CommandError";
    this.exitCode = exitCode;
  }
}
