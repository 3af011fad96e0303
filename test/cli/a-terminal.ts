import type { Session } from "../../cli/session.ts";

/** A session of a test, with real time: what it wrote is kept, and nobody is there to be asked. */
export function aTerminal({ input = "" }: { readonly input?: string } = {}) {
  const text = { out: "", progress: "" };
  const output = (name: keyof typeof text) => ({
    write: (more: string) => {
      text[name] += more;
    },
    isTerminal: false,
    columns: Number.POSITIVE_INFINITY,
    hasColours: false,
    isClosed: false,
  });
  const session: Omit<Session, "connect"> = {
    out: output("out"),
    progress: output("progress"),
    readInput: async () => Buffer.from(input),
    ask: async () => undefined,
    nowMs: Date.now,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    onEnd: () => {},
  };
  return { session, text };
}
