import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Docker } from "../support/docker.ts";
import { pythonWith, run } from "../support/python.ts";
import { pinnedVersion } from "./pinned.ts";

const requirements = fileURLToPath(new URL("../deployed/requirements.txt", import.meta.url));
const name = `longshore-test/ministack:${pinnedVersion("ministack")}`;

/** Parts of Python that no server needs. */
const leftOut = new Set(["site-packages", "dist-packages", "test", "idlelib", "ensurepip", "tkinter", "__pycache__"]);

/** Where the parts of a virtual environment lie on this machine. */
interface Parts {
  readonly program: string;
  readonly library: string;
  readonly packages: string;
}

const showParts = `
import json, os, sys, sysconfig
paths = sysconfig.get_paths()
print(json.dumps({"program": os.path.realpath(sys.executable), "library": paths["stdlib"], "packages": paths["purelib"]}))
`;

const showExtensions = `
import pathlib, sys
for root in sys.argv[1:]:
    for path in pathlib.Path(root).rglob("*.so*"):
        print(path)
`;

/** Makes an image of MiniStack and of this machine's Python from files, once. Answers its name. */
export async function ministackImage(docker: Docker): Promise<string> {
  if ((await docker.run(["images", "--quiet", name])) !== "") return name;
  const python = await pythonWith(requirements);
  const parts: Parts = JSON.parse(await run(python, ["-c", showParts]));
  const root = mkdtempSync(join(tmpdir(), "longshore-image-"));
  const archive = `${root}.tar`;
  try {
    for (const folder of ["tmp", "etc", "proc", "dev"]) mkdirSync(join(root, folder));
    for (const path of [parts.program, ...(await librariesOf(python, parts))]) copy(path, join(root, path));
    copy(parts.library, join(root, parts.library));
    copy(parts.packages, join(root, "packages"), { whole: true });
    await run("tar", ["--create", "--file", archive, "--directory", root, "."]);
    const settings = [
      `ENTRYPOINT ["${parts.program}", "-m", "ministack"]`,
      "ENV PYTHONPATH=/packages HOME=/tmp BIND_HOST=0.0.0.0 GATEWAY_PORT=4566 IOT_MTLS_ENABLED=0 SFTP_ENABLED=0",
    ];
    await docker.run(["import", ...settings.flatMap((change) => ["--change", change]), archive, name]);
  } finally {
    rmSync(root, { recursive: true, force: true });
    rmSync(archive, { force: true });
  }
  return name;
}

/** What the loader needs for the interpreter and for every extension that is a shared object. */
async function librariesOf(python: string, { program, library, packages }: Parts): Promise<readonly string[]> {
  const extensions = (await run(python, ["-c", showExtensions, library, packages])).split("\n").filter(Boolean);
  const shown = await run("ldd", [program, ...extensions]);
  return [...new Set([...shown.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path = ""]) => path))];
}

/** Follows links, so that nothing points out of the image. */
function copy(from: string, to: string, { whole = false } = {}): void {
  mkdirSync(dirname(to), { recursive: true });
  const isWanted = (path: string) => whole || path === from || !leftOut.has(path.slice(path.lastIndexOf("/") + 1));
  cpSync(from, to, { recursive: true, dereference: true, filter: isWanted });
}
