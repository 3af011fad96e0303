import { modelOf, type Shape, shapeOf } from "./model.ts";

/** A request of Elastic Load Balancing as its clients write it: a form, in which lists are `member.1`, `member.2` … */
export function queryForm(operation: string, input: unknown): URLSearchParams {
  const form = new URLSearchParams({ Action: operation, Version: "2015-12-01" });
  const model = modelOf("elbv2");
  const write = (shape: Shape, value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) form.set(path, String(value));
    else if (Array.isArray(value))
      for (const [index, each] of value.entries())
        write(shapeOf(model, shape.member ?? ""), each, `${path}.member.${index + 1}`);
    else
      for (const [name, its] of Object.entries(value)) {
        const member = shape.members?.[name];
        if (member !== undefined) write(shapeOf(model, member), its, path === "" ? name : `${path}.${name}`);
      }
  };
  write(shapeOf(model, model.operations[operation]?.input ?? ""), input, "");
  return form;
}
