// What a month of an install costs: measures what the product uses of AWS, and writes it down with the day.
//
//   npm run bench:cost              measures, and writes cli/cost/measured.ts and docs/cost.md
//   npm run bench:cost -- --page    writes docs/cost.md alone, of what is measured already
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Measurement } from "../cli/cost/measurement.ts";
import { measure } from "./cost/measure.ts";
import { costPage } from "./cost/page.ts";

const root = new URL("..", import.meta.url);

if (process.argv.includes("--page"))
  write("docs/cost.md", costPage((await import("../cli/cost/measured.ts")).measured));
else {
  const date = new Date().toISOString().slice(0, 10);
  const measured = await measure(date, (text) => console.log(`  measuring: ${text}`));
  write("cli/cost/measured.ts", moduleOf(measured));
  write("docs/cost.md", costPage(measured));
}

/** As the formatter would have it. */
function write(path: string, text: string): void {
  writeFileSync(new URL(path, root), text);
  const launch = fileURLToPath(new URL("cli/launch.js", root));
  if (path.endsWith(".ts")) spawnSync(process.execPath, [launch, "biome", "format", "--write", path], { cwd: root });
  console.log(`wrote ${path}`);
}

function moduleOf(measured: Measurement): string {
  const json = JSON.stringify(measured, (_, value) =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value,
  );
  return [
    'import type { Measurement } from "./measurement.ts";',
    "",
    "/** Written by `npm run bench:cost`: not to be changed by hand. */",
    `export const measured: Measurement = ${json};`,
    "",
  ].join("\n");
}
