import { expect, test } from "vitest";
import { closers } from "../../local/closers.ts";

test("the last to come is closed first, each once it waited for", async () => {
  const closed: string[] = [];
  const all = closers();
  for (const name of ["endpoint", "clients", "functions"]) {
    all.add(async () => {
      closed.push(`${name} begins`);
      await new Promise(setImmediate);
      closed.push(`${name} ends`);
    });
  }
  await all.close();
  await all.close();
  expect(closed).toEqual(["functions", "clients", "endpoint"].flatMap((name) => [`${name} begins`, `${name} ends`]));
});

test("one that fails does not keep the others open, and is told in the end", async () => {
  const closed: string[] = [];
  const all = closers();
  all.add(() => void closed.push("first"));
  all.add(() => Promise.reject(new Error("stuck")));
  all.add(() => void closed.push("last"));
  await expect(all.close()).rejects.toThrow("stuck");
  expect(closed).toEqual(["last", "first"]);
});
