/** What the ELBv2 API answers with an HTTP status of 400 and this code. */
export class ElbError extends Error {
  /** AWS's own word, such as `TargetGroupNotFound`. */
  readonly code: string;

  constructor(code: string, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = "ElbError";
    this.code = code;
  }
}

/** Throws a `ValidationError` unless it holds. */
export function validate(holds: boolean, message: string): asserts holds {
  if (!holds) throw new ElbError("ValidationError", message);
}
