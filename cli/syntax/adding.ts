import type { ExitCode } from "../exit-codes.ts";
import type { Session } from "../session.ts";

/** What every command of a program is given. */
export interface Adding {
  readonly session: Session;
  /** With what the program ends. */
  readonly end: (code: ExitCode) => void;
}
