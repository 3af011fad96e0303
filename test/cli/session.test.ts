import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { outputOf } from "../../cli/session.ts";

const aStream = (stream: Partial<NodeJS.WriteStream>) =>
  Object.assign(new EventEmitter(), stream) as EventEmitter as NodeJS.WriteStream;
const terminal = aStream({ isTTY: true, columns: 90 });

describe("an output", () => {
  test.for([
    { name: "a terminal", stream: terminal, is: { isTerminal: true, columns: 90, hasColours: true } },
    {
      name: "a terminal where NO_COLOR is set",
      stream: terminal,
      environment: { NO_COLOR: "1" },
      is: { isTerminal: true, hasColours: false },
    },
    {
      name: "NO_COLOR that is set to nothing",
      stream: terminal,
      environment: { NO_COLOR: "" },
      is: { hasColours: true },
    },
    {
      name: "a dumb terminal",
      stream: terminal,
      environment: { TERM: "dumb" },
      is: { isTerminal: false, columns: 90, hasColours: false },
    },
    { name: "a terminal that does not say how wide it is", stream: aStream({ isTTY: true }), is: { columns: 80 } },
    {
      name: "a pipe",
      stream: aStream({}),
      is: { isTerminal: false, columns: Number.POSITIVE_INFINITY, hasColours: false },
    },
  ])("$name", ({ stream, environment = {}, is }) => {
    expect(outputOf(stream, environment)).toMatchObject(is);
  });

  test("is closed once whoever read it has left", () => {
    const stream = aStream({});
    const output = outputOf(stream, {});
    expect(output.isClosed).toBe(false);
    stream.emit("error", new Error("EPIPE"));
    expect(output.isClosed).toBe(true);
  });
});
