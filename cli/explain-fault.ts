import { type Fault, isFault } from "../core/model/fault.ts";
import { CommandError } from "./command-error.ts";
import { type Endpoint, noRegion } from "./endpoint.ts";
import { exit } from "./exit-codes.ts";

type Where = Pick<Endpoint, "url" | "isLocal">;

const signIn = "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws sso login`";

/** What goes wrong before all else, and what to do about it; first match wins. */
const explanations: readonly {
  readonly codes: readonly string[];
  readonly onlyLocal?: true;
  readonly tell: (where: Where, code: string) => string;
}[] = [
  {
    codes: ["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "EAI_AGAIN"],
    onlyLocal: true,
    tell: ({ url }) => `no cluster answers at ${url}; start one with \`longshore dev\`, or set AWS_ENDPOINT_URL`,
  },
  {
    codes: ["CredentialsProviderError"],
    tell: ({ url }) => `there are no credentials for ${url}; ${signIn}`,
  },
  {
    codes: ["ExpiredToken", "ExpiredTokenException", "RequestExpired"],
    tell: ({ url }) => `the credentials for ${url} have expired; ${signIn}`,
  },
  {
    codes: ["InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "SignatureDoesNotMatch"],
    tell: ({ url }, code) => `these credentials are not known to ${url} (${code}); ${signIn}`,
  },
];

/** The error to tell instead of what a dependency said, with what to do about it. Bugs of ours are returned as they are. */
export function explainFault(error: unknown, where: Where): unknown {
  // The SDK has neither a class nor a code for it.
  if (error instanceof Error && error.message === "Region is missing") return noRegion();
  if (!isFault(error)) return error;
  const code = systemCode(error) ?? error.code;
  const found = explanations.find(({ codes, onlyLocal }) => codes.includes(code) && (where.isLocal || !onlyLocal));
  return new CommandError(exit.fault, found?.tell(where, code) ?? error.message, { cause: error });
}

/** What the system below the SDK said, where it was the system. */
function systemCode({ cause }: Fault): string | undefined {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}
