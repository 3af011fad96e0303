import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnElement, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import type { Construct } from "constructs";
import { Longshore, type LongshoreProps } from "../../infra/index.ts";

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A statement of a policy of a template, references shown as text. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What breaks the rules of CloudFormation that CDK knows is an error here. */
const context = {
  "@aws-cdk/core:validateAgainstDefaultRules": true,
  // What bundles hold is no part of a template: they are not copied.
  "aws:cdk:disable-asset-staging": true,
};

/** An install, synthesized. Props that name other resources are made in its stack. */
export class Synthesized {
  readonly template: Template;
  /** By their paths below the install, such as `Schedule`; what stands for a construct of its own has that one's path. */
  readonly resources: ReadonlyMap<string, Resource>;
  readonly #paths: ReadonlyMap<string, string>;

  constructor(props: LongshoreProps | ((scope: Construct) => LongshoreProps) = {}) {
    const outdir = mkdtempSync(join(tmpdir(), "longshore-synth-"));
    try {
      const stack = new Stack(new App({ outdir, context }), "Test");
      new Longshore(stack, "Longshore", typeof props === "function" ? props(stack) : props);
      this.template = Template.fromStack(stack);
      this.#paths = new Map(
        stack.node
          .findAll()
          .filter(CfnElement.isCfnElement)
          .map(({ logicalId, node }) => [
            stack.resolve(logicalId) as string,
            node.path.replace("Test/Longshore/", "").replace(/\/Resource$/, ""),
          ]),
      );
    } finally {
      rmSync(outdir, { recursive: true });
    }
    const resources = this.template.toJSON().Resources as Record<string, Resource>;
    this.resources = new Map(Object.entries(resources).map(([id, resource]) => [this.#pathOf(id), resource]));
  }

  /** What stands at a path. */
  at(path: string): Resource {
    const found = this.resources.get(path);
    if (!found) throw new Error(`there is nothing at ${path}, only at ${[...this.resources.keys()].join(", ")}`);
    return found;
  }

  /** All of a type, by their paths. */
  all(type: string): ReadonlyMap<string, Resource> {
    return new Map([...this.resources].filter(([, { Type }]) => Type === type));
  }

  /** A value of the template as one text: references as `<path>` or `<path.attribute>` below the install. */
  shown(value: unknown): string {
    if (typeof value !== "object" || value === null) return String(value);
    if (Array.isArray(value)) return value.map((each) => this.shown(each)).join("");
    const {
      Ref: name,
      "Fn::GetAtt": attribute,
      "Fn::Join": join,
      "Fn::Select": select,
    } = value as Record<string, unknown>;
    if (typeof name === "string") return `<${this.#pathOf(name)}>`;
    if (Array.isArray(attribute)) return `<${this.#pathOf(attribute[0])}.${attribute[1]}>`;
    if (Array.isArray(join)) return join[1].map((each: unknown) => this.shown(each)).join(join[0]);
    if (Array.isArray(select)) return `<select ${select[0]}>`;
    return JSON.stringify(value);
  }

  /** The statements of a policy document, with lists everywhere and references as text. */
  statements(document: unknown): readonly Statement[] {
    const { Statement: statements } = document as { readonly Statement: readonly Record<string, unknown>[] };
    return statements.map((statement) => ({
      ...(statement as unknown as Statement),
      Action: listOf(statement.Action).map(String),
      Resource: listOf(statement.Resource).map((each) => this.shown(each)),
    }));
  }

  /** What a role of the install may do. */
  permissions(path: string): readonly Statement[] {
    const { Policies: policies } = this.at(path).Properties as {
      readonly Policies: readonly { PolicyDocument: unknown }[];
    };
    return policies.flatMap(({ PolicyDocument: document }) => this.statements(document));
  }

  #pathOf(logicalId: string): string {
    return this.#paths.get(logicalId) ?? logicalId;
  }
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
