import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundling, esbuild } from "../../infra/bundles.ts";
import type { FunctionName } from "../../infra/names.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Bundles what a function imports of the SDK and nothing else, its clients built as a function builds them. */
export function buildBare(name: FunctionName, outfile: string): void {
  const { outExtension: _, ...options } = bundling;
  const contents = bareSource(sdkImports(name));
  esbuild().buildSync({ ...options, absWorkingDir: root, stdin: { contents, resolveDir: root }, outfile });
}

/** The values that a function's files of ours import of each package of the SDK. */
function sdkImports(name: FunctionName): ReadonlyMap<string, ReadonlySet<string>> {
  const { metafile } = esbuild().buildSync({
    ...bundling,
    absWorkingDir: root,
    entryPoints: [`lambdas/${name}.ts`],
    outdir: join(root, "dist"),
    packages: "external",
    metafile: true,
    write: false,
  });
  const found = new Map<string, Set<string>>();
  for (const path of Object.keys(metafile.inputs)) {
    const text = readFileSync(join(root, path), "utf8");
    for (const [, list = "", from = ""] of text.matchAll(/^import \{([^}]*)\} from "(@aws-sdk\/[^"]+)";$/gm)) {
      const values = list
        .split(",")
        .map((entry) => entry.trim())
        .filter((entry) => entry !== "" && !entry.startsWith("type "));
      found.set(from, new Set([...(found.get(from) ?? []), ...values]));
    }
  }
  if (found.size === 0) throw new Error(`no import of the SDK was found in ${dirname(`lambdas/${name}.ts`)}`);
  return found;
}

/** Builds each client, and keeps each command from being left out. */
function bareSource(imports: ReadonlyMap<string, ReadonlySet<string>>): string {
  const lines = [...imports].map(([from, values]) => `import { ${[...values].join(", ")} } from "${from}";`);
  const values = [...imports.values()].flatMap((each) => [...each]);
  const clients = values.filter((value) => /Client$/.test(value) && !/Document/.test(value));
  return [
    ...lines,
    `export const clients = [${clients.map((client) => `new ${client}({})`).join(", ")}];`,
    `export const others = [${values.filter((value) => !clients.includes(value)).join(", ")}];`,
  ].join("\n");
}
