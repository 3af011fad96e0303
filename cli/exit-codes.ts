/** What each exit code means: scripts rely on it. */
export const exitCodes = [
  {
    name: "done",
    code: 0,
    meaning: "the command took effect; with `--wait`, this deployment is live, or the service gone",
  },
  { name: "fault", code: 1, meaning: "the install could not be reached or found, or something of ours failed" },
  { name: "invalid", code: 2, meaning: "the input or the command line is invalid; nothing was sent" },
  { name: "refused", code: 3, meaning: "the install refused the command, or there is no such object" },
  { name: "failed", code: 4, meaning: "the deployment failed; the message says why" },
  { name: "superseded", code: 5, meaning: "a later command took over" },
  { name: "timedOut", code: 6, meaning: "the time was up first; what was sent goes on" },
  { name: "rolledBack", code: 7, meaning: "the deployment failed, and what ran before is back" },
  { name: "interrupted", code: 130, meaning: "interrupted by ctrl-C; what was sent goes on" },
] as const;

type ExitName = (typeof exitCodes)[number]["name"];
/** One of the codes that the command `longshore` ends with. */
export type ExitCode = (typeof exitCodes)[number]["code"];

/** The codes by name. */
export const exit = Object.fromEntries(exitCodes.map(({ name, code }) => [name, code])) as {
  readonly [Name in ExitName]: Extract<(typeof exitCodes)[number], { readonly name: Name }>["code"];
};

/** The code of several commands together: the lowest of those that are not 0. */
export function combined(codes: readonly ExitCode[]): ExitCode {
  return codes.reduce((worst, code) => (worst === 0 || (code !== 0 && code < worst) ? code : worst), exit.done);
}
