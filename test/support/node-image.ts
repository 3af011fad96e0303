import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Docker } from "./docker.ts";
import { run } from "./python.ts";

/** Of the image that `nodeImage` makes. */
const nodeImageName = "longshore-test/node:24";

/**
 * Makes an image of the Node that runs this, and the libraries that it needs, from files of this machine: none has to
 * be pulled. Answers the image's name; one that is there already is used again.
 * @throws Error where this machine's Node does not run on Linux
 */
export async function nodeImage(docker: Docker): Promise<string> {
  if (process.platform !== "linux") throw new Error("images are made of this machine's own Node: that needs Linux");
  if ((await docker.run(["images", "--quiet", nodeImageName])) !== "") return nodeImageName;
  await imageOf(docker, nodeImageName, await nodeFiles());
  return nodeImageName;
}

/** An image whose files are these: where each is there → where it is here. Node is its command. */
async function imageOf(docker: Docker, name: string, files: ReadonlyMap<string, string>): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "longshore-image-"));
  const archive = `${root}.tar`;
  try {
    for (const folder of ["tmp", "etc", "dev", "proc"]) mkdirSync(join(root, folder));
    for (const [there, here] of files) {
      mkdirSync(dirname(join(root, there)), { recursive: true });
      copyFileSync(here, join(root, there));
    }
    await run("tar", ["--create", "--file", archive, "--directory", root, "."]);
    await docker.run(["import", "--change", 'ENTRYPOINT ["/usr/bin/node"]', archive, name]);
  } finally {
    rmSync(root, { recursive: true, force: true });
    rmSync(archive, { force: true });
  }
}

/** Node and its libraries, as the loader names them. */
async function nodeFiles(): Promise<ReadonlyMap<string, string>> {
  const libraries = (await run("ldd", [process.execPath])).matchAll(/(?:=> )?(\/\S+) \(0x/g);
  return new Map([
    ["/usr/bin/node", process.execPath],
    ...[...libraries].map(([, path = ""]) => [path, path] as const),
  ]);
}
