import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { clientEnvironment, exportLines } from "../../local/environment.ts";

test("a client has the endpoint, a region, and the key that queues show as the sender's id", () => {
  expect(clientEnvironment("http://127.0.0.1:4566", "ada")).toEqual({
    AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "ada",
    AWS_SECRET_ACCESS_KEY: "local",
  });
});

test("the key is `local` unless one is named", () => {
  expect(exportLines(clientEnvironment("http://127.0.0.1:4566"))).toBe(
    [
      "export AWS_ENDPOINT_URL='http://127.0.0.1:4566'",
      "export AWS_REGION='us-east-1'",
      "export AWS_DEFAULT_REGION='us-east-1'",
      "export AWS_ACCESS_KEY_ID='local'",
      "export AWS_SECRET_ACCESS_KEY='local'",
      "",
    ].join("\n"),
  );
});

test.skipIf(process.platform === "win32")("a shell reads any key as it is (needs a POSIX sh)", () => {
  const key = "it's $HOME; `id`";
  const script = `${exportLines(clientEnvironment("http://127.0.0.1:4566", key))}printf %s "$AWS_ACCESS_KEY_ID"`;
  expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(key);
});
