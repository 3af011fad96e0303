import { expect, test } from "vitest";
import { escaped } from "../../../core/words/escaped.ts";

test.for([
  { name: "plain text stays", text: "größer → 1", shown: "größer → 1" },
  { name: "quotes and line feeds as JSON has them", text: 'a"b\nc', shown: 'a\\"b\\nc' },
  { name: "what a terminal obeys", text: "\u001b[31m\u009b", shown: "\\u001b[31m\\u009b" },
  { name: "what turns a line around", text: "\u202etxt", shown: "\\u202etxt" },
  { name: "what nobody sees", text: "a\u200bb\ufeff", shown: "a\\u200bb\\ufeff" },
  { name: "60 characters stay", text: "x".repeat(60), shown: "x".repeat(60) },
  { name: "the rest of more is left out", text: "x".repeat(61), shown: `${"x".repeat(60)}…` },
])("$name", ({ text, shown }) => {
  expect(escaped(text)).toBe(shown);
});
