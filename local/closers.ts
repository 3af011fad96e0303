/** What has to be closed, in the reverse order of its coming. */
export interface Closers {
  add(close: () => Promise<void> | void): void;
  /** Closes all, also when one of them fails; the first failure is thrown in the end. Closed again: nothing is left. */
  close(): Promise<void>;
}

/** Nothing to close so far. */
export function closers(): Closers {
  const open: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    const last = open.pop();
    if (!last) return;
    try {
      await last();
    } finally {
      await close();
    }
  };
  return { add: (closer) => void open.push(closer), close };
}
