import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Pair, parseAllDocuments } from "yaml";
import { type Findings, report } from "../core/admission/findings.ts";
import { emptyMap, type Json } from "../core/admission/json.ts";
import { child, documentRoot, nameOf, type Place } from "../core/admission/place.ts";

/** One document of a text, read as far as it could be; undefined: it is no YAML, which is reported. */
export interface ParsedDocument {
  readonly content: Json | undefined;
  readonly findings: Findings;
}

/**
 * Parses YAML 1.2 with any number of documents; empty ones are left out. Aliases, tags and keys that stand twice are
 * reported: a few lines of aliases can stand for gigabytes, and the last of two keys would win in silence.
 *
 * The library's own look for doubled keys compares each with each, and its pretty errors copy the text once an error:
 * both are off, so that 256 KiB of anything take a second or two.
 */
export function parseYaml(text: string): readonly ParsedDocument[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: "1.2",
    schema: "core",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
    lineCounter: lines,
  });
  if (!Array.isArray(documents)) return [];
  return documents.filter(isMeant).map((document) => read(document, lines));
}

/** Whether it holds anything, be it an error. */
function isMeant({ contents, errors }: Document.Parsed): boolean {
  const isEmpty = contents === null || (isScalar(contents) && contents.value === null && contents.source === "");
  return errors.length > 0 || !isEmpty;
}

function read({ contents, errors, warnings }: Document.Parsed, lines: LineCounter): ParsedDocument {
  const findings: Findings = { paths: new Set(), issues: [] };
  const [first] = [...errors, ...warnings];
  if (!first) return { content: plain(contents, documentRoot, findings), findings };
  const { line, col } = lines.linePos(first.pos[0]);
  const why = first.code === "RESOURCE_EXHAUSTION" ? "maps and lists lie too deep" : first.message;
  report(
    findings,
    documentRoot,
    "syntax",
    () => `the text must be plain YAML, but is not at line ${line}, column ${col}: ${why}`,
  );
  return { content: undefined, findings };
}

/** Depth is bounded by the parser, which gives up at some hundreds. */
function plain(node: unknown, place: Place, findings: Findings): Json | undefined {
  if (isAlias(node))
    return report(
      findings,
      place,
      "syntax",
      () => `${nameOf(place)} must not be an alias, got *${node.source}; write the value out`,
    );
  if (isSeq(node)) return node.items.map((item, index) => plain(item, child(place, index), findings) ?? null);
  if (isMap(node)) return plainMap(node.items, place, findings);
  return isScalar(node) ? (node.value as Json) : null;
}

function plainMap(pairs: readonly Pair[], place: Place, findings: Findings): Json {
  const map = emptyMap<Json>();
  for (const { key, value } of pairs) {
    if (!isScalar(key) || key.value === null) {
      report(findings, place, "syntax", () => `${nameOf(place)} must have text as keys, got another key`);
      continue;
    }
    const name = String(key.value);
    const here = child(place, name);
    if (Object.hasOwn(map, name))
      report(findings, here, "duplicate", () => `${nameOf(here)} must stand once in its map, but is there again`);
    map[name] = plain(value, here, findings) ?? null;
  }
  return map;
}
