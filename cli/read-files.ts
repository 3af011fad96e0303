import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { maxFileBytes } from "../core/admission/limits.ts";
import { CommandError } from "./command-error.ts";
import { exit } from "./exit-codes.ts";
import type { Session } from "./session.ts";

/** The text of one file, or what is wrong with the whole of it. */
export type SourceFile =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly flaw: string };

const manifestName = /\.(ya?ml|json)$/;
const mostFiles = 1_000;

/**
 * Reads what was named: a file, the manifests of a directory (not of those within it), or `-` for standard input.
 * @throws CommandError when there is no such file, or no manifest in the directory.
 */
export async function readFiles(path: string, session: Pick<Session, "readInput">): Promise<readonly SourceFile[]> {
  if (path === "-") return [sourceFrom("standard input", await session.readInput(maxFileBytes))];
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => refuse(path, cause));
  if (!found.isDirectory()) return [await readOne(path)];
  const names = (await readdir(path)).filter((name) => manifestName.test(name)).toSorted();
  if (names.length === 0 || names.length > mostFiles) {
    const allowed = `1 to ${mostFiles} files *.yaml, *.yml or *.json`;
    throw new CommandError(exit.invalid, `directory "${path}" must hold ${allowed}, got ${names.length}`);
  }
  const files: SourceFile[] = [];
  for (const name of names) files.push(await readOne(join(path, name)));
  return files;
}

/** Reads no more than a file may hold, however large it is. */
async function readOne(path: string): Promise<SourceFile> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => refuse(path, cause));
  try {
    const chunks: Uint8Array[] = [];
    for (let bytes = 0; bytes <= maxFileBytes; ) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(maxFileBytes + 1));
      if (bytesRead === 0) break;
      chunks.push(buffer.subarray(0, bytesRead));
      bytes += bytesRead;
    }
    return sourceFrom(path, Buffer.concat(chunks));
  } catch (cause) {
    return refuse(path, cause as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
}

function sourceFrom(name: string, bytes: Uint8Array): SourceFile {
  if (bytes.length > maxFileBytes) return { name, flaw: `a file must be at most ${maxFileBytes} bytes, got more` };
  try {
    return { name, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { name, flaw: "a file must be UTF-8 text, but holds other bytes" };
  }
}

function refuse(path: string, cause: NodeJS.ErrnoException): never {
  const why = cause.code === "ENOENT" ? "does not exist" : `cannot be read: ${cause.code ?? cause.message}`;
  throw new CommandError(exit.invalid, `"${path}" ${why}; name a file, a directory, or - for standard input`, {
    cause,
  });
}
