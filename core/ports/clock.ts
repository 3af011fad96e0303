/** Time, and chance: the only two things that make a step's run differ from the last. */
export interface Clock {
  /** Wall time, epoch milliseconds; may jump. */
  nowMs(): number;
  /** Milliseconds since some moment; never goes back, stands still while the process is frozen. */
  monotonicMs(): number;
}

/** Chance, as steps need it. */
export interface Random {
  /** 80 bits as 16 base32 characters. */
  token(): string;
  /** 128 bits as a UUID: one life of an object, a lease's holder. */
  uid(): string;
  /** 0 ≤ x < 1. */
  fraction(): number;
}
