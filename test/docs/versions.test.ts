import { expect, test } from "vitest";
import { pinnedVersion } from "../targets/pinned.ts";
import { commandsOf, readPage } from "./pages.ts";

test("docs/deploy.md installs the MiniStack that is deployed to here", () => {
  const wanted = `pip install ministack==${pinnedVersion("ministack")} docker==${pinnedVersion("docker")}`;
  const installing = commandsOf(readPage("docs/deploy.md")).filter((command) => command.includes("pip install"));
  expect(installing).toEqual([expect.stringContaining(wanted)]);
});

test("docs/aws-differences.md says what the differences were found with", () => {
  const [found = ""] = /^Found with .*/m.exec(readPage("docs/aws-differences.md")) ?? [];
  const [ministack, moto, dynamodb, sqs] = (["ministack", "moto", "DynamoDB Local", "ElasticMQ"] as const).map(
    pinnedVersion,
  );
  expect(found).toContain(`MiniStack ${ministack}, moto ${moto}, DynamoDB Local ${dynamodb} and ElasticMQ ${sqs}.`);
});
