/** Whom something can be granted to: one id, never a pattern. An ARN is none: it comes back with another role's id. */
export const principalPattern = /^[A-Za-z0-9_.-]{1,128}$/;

/** The same in words. */
export const principalText =
  "the unique id of a role (AROA…) or a user (AIDA…): 1 to 128 of A-Z, a-z, 0-9, _, . and -, up to the first colon of what SQS shows as SenderId";

/**
 * Who sent a message: what stands before the first colon of the SenderId that SQS stamped on it. The rest is the name of a
 * session, which whoever may assume the role chooses. Empty: SQS named nobody, and nothing is granted to nobody.
 */
export function principalOf(senderId: string): string {
  return senderId.split(":", 1)[0] ?? "";
}

interface Shape {
  readonly pattern: RegExp;
  readonly noun: string;
  /** Why it should be granted nothing, as the rest of a sentence. */
  readonly caution?: string;
}

/** What an id stands for, by its shape: the first that matches. What is granted never depends on it. */
const shapes: readonly Shape[] = [
  { pattern: /^AROA[A-Z0-9]*$/, noun: "role" },
  { pattern: /^AIDA[A-Z0-9]*$/, noun: "user" },
  {
    pattern: /^[0-9]{12}$/,
    noun: "account",
    caution: "stands for the account's root user and everybody who is federated into it",
  },
  { pattern: /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$/, noun: "address", caution: "is nobody in particular" },
  { pattern: /^.+$/s, noun: "sender" },
];

/** An id as messages name it, with what it stands for: `role AROA…`. */
export function describePrincipal(principal: string): { readonly name: string; readonly caution?: string } {
  const { noun, caution } = shapes.find(({ pattern }) => pattern.test(principal)) ?? { noun: "a sender without an id" };
  return { name: principal === "" ? noun : `${noun} ${principal}`, ...(caution === undefined ? {} : { caution }) };
}
