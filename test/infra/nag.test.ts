import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack, Validations } from "aws-cdk-lib";
import { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { AwsSolutionsChecks } from "cdk-nag";
import type { Construct } from "constructs";
import { describe, expect, test } from "vitest";
import { Longshore, type LongshoreProps } from "../../infra/index.ts";
import { everything } from "./everything.ts";

describe("cdk-nag's AwsSolutions finds nothing that is not explained", () => {
  test.for<{ name: string; props: (scope: Construct) => LongshoreProps }>([
    { name: "by default", props: () => ({}) },
    { name: "with every prop", props: everything },
  ])("$name", ({ props }) => {
    const { findings, reasons } = checked((stack) => new Longshore(stack, "Longshore", props(stack)));
    expect(findings).toEqual([]);
    expect(reasons.length).toBeGreaterThan(5);
    // A reason is a sentence, not a word.
    expect(reasons.filter((reason) => reason.split(" ").length < 6)).toEqual([]);
  });

  test("and would find something", () => {
    const { findings } = checked((stack) => new CfnQueue(stack, "Queue"));
    expect(findings).toContain("AwsSolutions-SQS3");
  });
});

/** Ids of the rules that are broken without an explanation, and the explanations that there are. */
function checked(build: (stack: Stack) => void) {
  const outdir = mkdtempSync(join(tmpdir(), "longshore-nag-"));
  try {
    const app = new App({ outdir });
    const stack = new Stack(app, "Test");
    build(stack);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    const exitCode = process.exitCode;
    try {
      app.synth();
    } catch (error) {
      if (!(error instanceof Error && error.name === "ValidationFailed")) throw error;
    }
    process.exitCode = exitCode;
    const report = readFileSync(join(outdir, "validation-report.json"), "utf8");
    const reasons = stack.node
      .findAll()
      .flatMap(({ node }) =>
        node.metadata
          .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
          .map(({ data }) => JSON.stringify(data)),
      );
    return {
      findings: [...new Set([...report.matchAll(/AwsSolutions-[A-Z]+\d+/g)].map(([rule]) => rule))],
      reasons,
      report,
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
