import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readFiles } from "../../cli/read-files.ts";
import { maxFileBytes } from "../../core/admission/index.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "longshore-"));
  for (const name of ["b.yaml", "a.json", "c.yml", "notes.txt"]) await writeFile(join(directory, name), name);
});
afterAll(() => rm(directory, { recursive: true }));

const session = (input: Uint8Array | string = "") => ({ readInput: async () => Buffer.from(input) });

describe("what is named is read", () => {
  test("a directory: its manifests, by name", async () => {
    const files = await readFiles(directory, session());
    expect(files.map((file) => "text" in file && file.text)).toEqual(["a.json", "b.yaml", "c.yml"]);
  });

  test("a file, whatever it is called", async () => {
    expect(await readFiles(join(directory, "notes.txt"), session())).toMatchObject([{ text: "notes.txt" }]);
  });

  test("standard input", async () => {
    expect(await readFiles("-", session("a: 1"))).toEqual([{ name: "standard input", text: "a: 1" }]);
  });

  test("one byte more than a file may have is a flaw of the file, and so is a byte that is no text", async () => {
    const path = join(await mkdtemp(join(directory, "large-")), "large.yaml");
    await writeFile(path, " ".repeat(maxFileBytes));
    expect(await readFiles(path, session())).toMatchObject([{ text: expect.any(String) }]);
    await writeFile(path, " ".repeat(maxFileBytes + 1));
    expect(await readFiles(path, session())).toMatchObject([
      { flaw: `a file must be at most ${maxFileBytes} bytes, got more` },
    ]);
    expect(await readFiles("-", session(Uint8Array.of(0xff)))).toMatchObject([
      { flaw: expect.stringContaining("UTF-8") },
    ]);
  });

  test("a path that does not exist is refused, and so is a directory without manifests", async () => {
    await expect(readFiles(join(directory, "none"), session())).rejects.toThrow(/none" does not exist; name a file/);
    const empty = await mkdtemp(join(directory, "empty-"));
    await expect(readFiles(empty, session())).rejects.toThrow(/must hold 1 to 1000 files .* got 0$/);
  });
});
