import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A stack that the fake has. */
export interface FakeStack {
  readonly status?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  /** By logical id. */
  readonly resources?: Readonly<
    Record<string, { readonly type: string; readonly name: string; readonly DeletionPolicy?: string }>
  >;
}

/** CloudFormation's query protocol on this machine, as far as we read stacks. */
export interface FakeCloudFormation {
  readonly url: string;
  /** Stacks by name; they may be changed at any time. */
  readonly stacks: Map<string, FakeStack>;
  /** Refuses every further request with this code. */
  refuseWith(code: string): void;
  close(): Promise<void>;
}

/** A page of resources holds no more: whoever reads the first alone misses some. */
const pageSize = 2;

/** Starts it on a free port of 127.0.0.1. */
export async function startFakeCloudFormation(): Promise<FakeCloudFormation> {
  const stacks = new Map<string, FakeStack>();
  let refusal: string | undefined;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    if (refusal === undefined) answer(form, stacks, response);
    else refuse(response, refusal, "refused");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stacks,
    refuseWith: (code) => {
      refusal = code;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function answer(form: URLSearchParams, stacks: ReadonlyMap<string, FakeStack>, response: ServerResponse): void {
  const [action, name] = [form.get("Action") ?? "", form.get("StackName") ?? ""];
  const stack = stacks.get(name);
  const results: Readonly<Record<string, (stack: FakeStack) => string>> = {
    DescribeStacks: (found) => described(name, found),
    GetTemplate: ({ resources: Resources = {} }) =>
      `<TemplateBody>${escaped(JSON.stringify({ Resources }))}</TemplateBody>`,
    ListStackResources: (found) => listed(found, Number(form.get("NextToken") ?? 0)),
  };
  const result = results[action];
  if (stack === undefined) refuse(response, "ValidationError", `Stack with id ${name} does not exist`);
  else if (result === undefined) refuse(response, "InvalidAction", `${action} is not faked`);
  else {
    response.writeHead(200, { "content-type": "text/xml" });
    response.end(`<${action}Response><${action}Result>${result(stack)}</${action}Result></${action}Response>`);
  }
}

function described(name: string, { status = "CREATE_COMPLETE", outputs = {} }: FakeStack): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${escaped(value)}</OutputValue></member>`,
  );
  const own = `<StackName>${name}</StackName><StackStatus>${status}</StackStatus>`;
  return `<Stacks><member>${own}<Outputs>${members.join("")}</Outputs></member></Stacks>`;
}

function listed({ resources = {} }: FakeStack, from: number): string {
  const all = Object.entries(resources).map(
    ([id, { type, name }]) =>
      `<member><LogicalResourceId>${id}</LogicalResourceId><PhysicalResourceId>${name}</PhysicalResourceId><ResourceType>${type}</ResourceType></member>`,
  );
  const next = from + pageSize < all.length ? `<NextToken>${from + pageSize}</NextToken>` : "";
  return `<StackResourceSummaries>${all.slice(from, from + pageSize).join("")}</StackResourceSummaries>${next}`;
}

function refuse(response: ServerResponse, code: string, message: string): void {
  response.writeHead(code === "AccessDenied" ? 403 : 400, { "content-type": "text/xml" });
  response.end(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error></ErrorResponse>`,
  );
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
