import { type Model, modelOf, type Shape, shapeOf } from "./model.ts";
import type { Called } from "./validate.ts";

interface Element {
  readonly name: string;
  readonly children: Element[];
  text: string;
}

/** What an answer of the query protocol holds, as the operation's model says; what does not fit it stays text. */
export function readXmlAnswer({ service, operation }: Called, body: string): unknown {
  const model = modelOf(service);
  const output = model.operations[operation]?.output;
  const result = childOf(readXml(body), `${operation}Result`);
  return output !== undefined && result ? readAs(model, shapeOf(model, output), result) : {};
}

/** The code of a refusal. */
export function readXmlError(body: string): string {
  const error = childOf(readXml(body), "Error");
  return (error && childOf(error, "Code")?.text) ?? "";
}

function readAs(model: Model, shape: Shape, element: Element): unknown {
  const { text, children } = element;
  switch (shape.type) {
    case "structure":
      return Object.fromEntries(children.map((child) => [child.name, memberOf(model, shape, child)]));
    case "list":
      return children.map((child) => readAs(model, shapeOf(model, shape.member ?? ""), child));
    case "integer":
    case "long":
    case "float":
    case "double":
      return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : text;
    case "timestamp":
      return Number.isNaN(Date.parse(text)) ? text : new Date(text);
    default:
      return text;
  }
}

function memberOf(model: Model, { members = {} }: Shape, child: Element): unknown {
  const shape = Object.hasOwn(members, child.name) ? members[child.name] : undefined;
  return shape === undefined ? child.text : readAs(model, shapeOf(model, shape), child);
}

/** Elements and text; attributes are left out. @throws Error when elements do not close as they open */
function readXml(body: string): Element {
  const root: Element = { name: "", children: [], text: "" };
  const open = [root];
  for (const [, close, name = "", empty, text = ""] of body.matchAll(/<(\/)?([\w:.-]+)[^>]*?(\/)?>|([^<]+)/g)) {
    const inner = open.at(-1) ?? root;
    if (name === "") inner.text += unescaped(text);
    else if (close) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing in ${body}`);
    } else {
      const element: Element = { name, children: [], text: "" };
      inner.children.push(element);
      if (!empty) open.push(element);
    }
  }
  if (open.length !== 1) throw new Error(`${open.at(-1)?.name} is not closed in ${body}`);
  return root.children.at(-1) ?? root;
}

function unescaped(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}

function childOf({ children }: Element, name: string): Element | undefined {
  return children.find((child) => child.name === name);
}
