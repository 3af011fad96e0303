/** What an XML element holds: text, or named elements; a list becomes `member` elements, and what is undefined nothing. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

const namespace = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";

/** The body that answers an action. */
export function answerXml(action: string, result: XmlValue, requestId: string): string {
  const content = element(`${action}Result`, result) + element("ResponseMetadata", { RequestId: requestId });
  return `<${action}Response xmlns="${namespace}">${content}</${action}Response>`;
}

/** The body of a refusal (`Sender`) or of a failure of ours (`Receiver`). */
export function errorXml(
  error: { type: "Sender" | "Receiver"; code: string; message: string },
  requestId: string,
): string {
  const { type, code, message } = error;
  const content = element("Error", { Type: type, Code: code, Message: message }) + element("RequestId", requestId);
  return `<ErrorResponse xmlns="${namespace}">${content}</ErrorResponse>`;
}

function element(name: string, value: XmlValue): string {
  return value === undefined ? "" : `<${name}>${contentOf(value)}</${name}>`;
}

function contentOf(value: Exclude<XmlValue, undefined>): string {
  if (typeof value !== "object") return escaped(String(value));
  if (isList(value)) return value.map((member) => element("member", member)).join("");
  return Object.entries(value)
    .map(([name, member]) => element(name, member))
    .join("");
}

function isList(value: object): value is readonly XmlValue[] {
  return Array.isArray(value);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
