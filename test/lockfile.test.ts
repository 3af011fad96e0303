import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const url = (name: string) => new URL(`../${name}`, import.meta.url);
const lockfile = JSON.parse(readFileSync(url("package-lock.json"), "utf8")) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const manifest = JSON.parse(readFileSync(url("package.json"), "utf8")) as Readonly<
  Record<string, Readonly<Record<string, string>> | undefined>
>;

test("the lockfile names the packages of every platform: npm ci refuses one that does not", () => {
  const { packages } = lockfile;
  const wanted = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ path, name })),
  );
  expect(wanted.length).toBeGreaterThan(50);
  const missing = wanted.filter(
    ({ path, name }) =>
      packages[`node_modules/${name}`] === undefined && packages[`${path}/node_modules/${name}`] === undefined,
  );
  expect(missing.map(({ path, name }) => `${path} wants ${name}`)).toEqual([]);
});

test("every direct dependency is pinned exactly", () => {
  const direct = ["dependencies", "devDependencies", "optionalDependencies"].flatMap((kind) =>
    Object.entries(manifest[kind] ?? {}),
  );
  expect(direct.length).toBeGreaterThan(10);
  expect(direct.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
