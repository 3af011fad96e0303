import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Docker } from "../support/docker.ts";
import { nodeImage } from "../support/node-image.ts";

/** An image that the tests run: its name, the program in it and what it is told. */
interface Image {
  readonly name: string;
  readonly program: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const inContainers = { HOST: "0.0.0.0" };

/** A web server in two good releases and one that ends before it serves, and what works a queue off. */
const images: readonly Image[] = [
  { name: "shop/web:v1", program: "examples/web/server.js", environment: { ...inContainers, VERSION: "v1" } },
  { name: "shop/web:v2", program: "examples/web/server.js", environment: { ...inContainers, VERSION: "v2" } },
  { name: "shop/web:v3", program: "test/deployed/programs/broken.js" },
  { name: "shop/worker:v1", program: "examples/worker/worker.js" },
];

/** Builds the images of the tests on this engine, without pulling any. They stay, and cost seconds only once. */
export async function buildImages(docker: Docker): Promise<void> {
  const base = await nodeImage(docker);
  for (const image of images) await buildImage(docker, base, image);
}

async function buildImage(docker: Docker, base: string, { name, program, environment = {} }: Image): Promise<void> {
  const context = mkdtempSync(join(tmpdir(), "longshore-image-"));
  const root = fileURLToPath(new URL("../../", import.meta.url));
  try {
    const bundled = { bundle: true, platform: "node", format: "esm", banner: { js: banner } } as const;
    await build({ ...bundled, entryPoints: [join(root, program)], outfile: join(context, "program.mjs") });
    const variables = Object.entries(environment).map(([key, value]) => `ENV ${key}=${value}`);
    const lines = [`FROM ${base}`, "COPY program.mjs /program.mjs", ...variables, 'CMD ["/program.mjs"]'];
    await docker.run(["build", "--quiet", "--tag", name, "--file", "-", context], lines.join("\n"));
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

/** For what is CommonJS in a bundle of ES modules. */
const banner = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
