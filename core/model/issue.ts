/** One thing wrong with what somebody sent: the command is refused with all of them at once. */
export interface Issue {
  /** For machines: `required`, `invalid`, `not-built`, `unknown`, … (`core/admission/findings.ts` lists them). */
  readonly code: string;
  /** Where, such as `spec.task.containers[0].image`; empty: the whole text. */
  readonly path: string;
  /** For people: what, which value, what is allowed, what to change. Untrusted text in it is shortened and escaped. */
  readonly message: string;
}
