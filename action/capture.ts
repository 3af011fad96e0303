import type { Output, Session } from "../cli/session.ts";

/** What a command wrote. */
export interface Text {
  readonly out: string;
  readonly progress: string;
}

/**
 * A session whose answer is kept rather than written. Nobody is there to be asked.
 * @param progress Whether others see how it goes, too.
 */
export function capture(
  session: Session,
  progress: "shown" | "quiet" = "shown",
): { readonly session: Session; text(): Text } {
  const written = { out: "", progress: "" };
  const kept = (name: keyof typeof written, beside?: Output): Output => ({
    write: (text) => {
      written[name] += text;
      beside?.write(text);
    },
    isTerminal: false,
    columns: Number.POSITIVE_INFINITY,
    hasColours: false,
    isClosed: false,
  });
  return {
    session: {
      ...session,
      out: kept("out"),
      progress: kept("progress", progress === "shown" ? session.progress : undefined),
      ask: async () => undefined,
    },
    text: () => written,
  };
}
