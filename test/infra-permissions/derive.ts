import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "vitest/node";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Source texts by path from the root, such as `steps/accept.ts`. */
export type Sources = ReadonlyMap<string, string>;

/** What of a port a handler uses: `tasks.stop`. */
export type PortMethod = `${string}.${string}`;

/** Which factory of `aws/` makes which port. */
const adapters: Readonly<Record<string, { readonly file: string; readonly factory: string }>> = {
  store: { file: "aws/store.ts", factory: "dynamoStore" },
  queues: { file: "aws/queues.ts", factory: "sqsQueues" },
  tasks: { file: "aws/tasks.ts", factory: "ecsTasks" },
  targets: { file: "aws/targets.ts", factory: "elbTargets" },
  metrics: { file: "aws/metrics.ts", factory: "sqsMetrics" },
};

/** The document client's own names of what it sends. */
const documentNames: Readonly<Record<string, string>> = {
  DeleteCommand: "DeleteItemCommand",
  GetCommand: "GetItemCommand",
  PutCommand: "PutItemCommand",
  UpdateCommand: "UpdateItemCommand",
};

/** Every file that a function may be made of. */
export function readSources(): Sources {
  const files = ["core", "steps", "lambdas", "aws"].flatMap((room) => globSync(`${room}/**/*.ts`, { cwd: root }));
  return new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
}

interface Node {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** A module: what it declares at its top, and where its other names come from. */
interface Module {
  readonly declared: ReadonlyMap<string, Node>;
  readonly imported: ReadonlyMap<string, Origin>;
  /** Every text in quotes. */
  readonly texts: ReadonlySet<unknown>;
}

interface Origin {
  readonly file: string;
  readonly name: string;
}

/** What a function calls, as its code says. */
export interface Derivation {
  /** The methods of ports that a handler reaches, through whatever calls whatever. */
  portMethodsOf(file: string): ReadonlySet<PortMethod>;
  /** Every port method that there is, with the commands that it sends. */
  readonly commands: ReadonlyMap<PortMethod, ReadonlySet<string>>;
}

/**
 * Reads from the code which commands each function may send. A name that is mentioned counts as called: what is found is
 * never less than what is so, if every way to a port goes through its own name.
 */
export function derive(sources: Sources): Derivation {
  const modules = new Map([...sources].map(([file, text]) => [file, readModule(file, text)]));
  const commands = commandsOfPorts(modules);
  return {
    commands,
    portMethodsOf: (file) => {
      const found = new Set<PortMethod>();
      for (const { file: from, node } of reachable(modules, { file, name: "handler" })) {
        // Adapters call each other and the SDK; steps and handlers call ports.
        if (!/^(steps|lambdas)\//.test(from)) continue;
        const uses = [...usesIn(node), ...computedUsesIn(node, [...commands.keys()], modules.get(from))];
        for (const method of uses) if (commands.has(method)) found.add(method);
      }
      return found;
    },
  };
}

/** Every declaration that one leads to, itself first. */
function* reachable(modules: ReadonlyMap<string, Module>, start: Origin): Generator<{ file: string; node: Node }> {
  const seen = new Set<string>();
  const waiting = [start];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { file, name } = next;
    if (seen.has(`${file} ${name}`)) continue;
    seen.add(`${file} ${name}`);
    const module = modules.get(file);
    const elsewhere = module?.imported.get(name);
    if (elsewhere) waiting.push(elsewhere);
    const node = module?.declared.get(name);
    if (!node) continue;
    yield { file, node };
    for (const mentioned of namesIn(node)) waiting.push({ file, name: mentioned });
  }
}

/** Uses such as `ports.tasks.stop` and `tasks.stop`: the last two names. */
function usesIn(node: Node): readonly PortMethod[] {
  return [...within(node)].flatMap((each) => {
    if (each.type !== "MemberExpression") return [];
    const object = lastName(each.object as Node);
    const property = each.computed === true ? undefined : nameOf(each.property as Node);
    return object && property ? [`${object}.${property}` as const] : [];
  });
}

/** Uses such as `ports.targets[move]`: any method of that port that the file has a text for. */
function computedUsesIn(node: Node, methods: readonly PortMethod[], module: Module | undefined): readonly PortMethod[] {
  const texts = module?.texts ?? new Set();
  return [...within(node)].flatMap((each) => {
    if (each.type !== "MemberExpression" || each.computed !== true) return [];
    const port = lastName(each.object as Node);
    return methods.filter((method) => method.startsWith(`${port}.`) && texts.has(method.slice(`${port}.`.length)));
  });
}

function lastName(node: Node): string | undefined {
  return node.type === "MemberExpression" ? nameOf(node.property as Node) : nameOf(node);
}

function nameOf(node: Node): string | undefined {
  return node.type === "Identifier" ? String(node.name) : undefined;
}

function namesIn(node: Node): ReadonlySet<string> {
  return new Set([...within(node)].flatMap((each) => nameOf(each) ?? []));
}

/** What a factory's answer is made of: each method, and what else of the factory it may use. */
interface Factory {
  readonly file: string;
  readonly methods: ReadonlyMap<string, Node>;
  readonly locals: ReadonlyMap<string, Node>;
}

function commandsOfPorts(modules: ReadonlyMap<string, Module>): ReadonlyMap<PortMethod, ReadonlySet<string>> {
  const found = new Map<PortMethod, ReadonlySet<string>>();
  for (const [port, { file, factory }] of Object.entries(adapters))
    for (const part of factoriesOf(modules, { file, name: factory }))
      for (const [name, node] of part.methods) {
        const commands = new Set<string>();
        collect(modules, part, node, commands, new Set());
        found.set(`${port}.${name}`, commands);
      }
  return found;
}

/** A factory, and those whose answers it spreads into its own. */
function factoriesOf(modules: ReadonlyMap<string, Module>, origin: Origin): readonly Factory[] {
  const { file, name } = declaredAt(modules, origin);
  const node = modules.get(file)?.declared.get(name);
  if (!node) throw new Error(`${file} declares no ${name}`);
  const statements = ((node.body as Node).body ?? []) as readonly Node[];
  const answer = statements.find(({ type }) => type === "ReturnStatement");
  const properties = ((answer?.argument as Node | undefined)?.properties ?? []) as readonly Node[];
  const methods = properties.filter(({ type }) => type === "Property");
  const spread = properties
    .filter(({ type }) => type === "SpreadElement")
    .flatMap(({ argument }) => nameOf((argument as Node).callee as Node) ?? []);
  const locals = statements
    .filter(({ type }) => type === "VariableDeclaration")
    .flatMap(({ declarations }) => declarations as readonly Node[]);
  const own: Factory = {
    file,
    methods: new Map(methods.map((each) => [nameOf(each.key as Node) ?? "", each.value as Node])),
    locals: new Map(locals.map((each) => [nameOf(each.id as Node) ?? "", each.init as Node])),
  };
  return [own, ...spread.flatMap((other) => factoriesOf(modules, { file, name: other }))];
}

/** The commands that a piece of an adapter makes, or that something makes that it mentions. */
function collect(
  modules: ReadonlyMap<string, Module>,
  factory: Factory,
  node: Node,
  commands: Set<string>,
  seen: Set<Node>,
): void {
  if (seen.has(node)) return;
  seen.add(node);
  for (const each of within(node)) {
    if (each.type !== "NewExpression") continue;
    const made = nameOf(each.callee as Node) ?? "";
    if (made.endsWith("Command")) commands.add((documentNames[made] ?? made).replace(/Command$/, ""));
  }
  for (const use of usesIn(node)) collectTable(modules, use, commands, seen);
  for (const name of namesIn(node)) {
    const local = factory.locals.get(name);
    // What another factory answers counts by the methods that are used of it.
    if (local && local.type !== "CallExpression") collect(modules, factory, local, commands, seen);
    const { file, name: there } = declaredAt(modules, { file: factory.file, name });
    const declared = modules.get(file)?.declared.get(there);
    if (declared && file.startsWith("aws/")) collect(modules, { ...factory, file }, declared, commands, seen);
  }
}

/** The store goes through one more object of its own: the table. */
function collectTable(modules: ReadonlyMap<string, Module>, use: string, commands: Set<string>, seen: Set<Node>): void {
  const [object, method = ""] = use.split(".");
  if (object !== "table") return;
  for (const factory of factoriesOf(modules, { file: "aws/table.ts", name: "dynamoTable" })) {
    const node = factory.methods.get(method);
    if (node) collect(modules, factory, node, commands, seen);
  }
}

function declaredAt(modules: ReadonlyMap<string, Module>, { file, name }: Origin): Origin {
  const elsewhere = modules.get(file)?.imported.get(name);
  return elsewhere ? declaredAt(modules, elsewhere) : { file, name };
}

function readModule(file: string, text: string): Module {
  const declared = new Map<string, Node>();
  const imported = new Map<string, Origin>();
  const program = parseAst(text, { lang: "ts" }) as unknown as Node & { readonly body: readonly Node[] };
  const { body } = program;
  for (const statement of body) {
    for (const [name, origin] of importsOf(file, statement)) imported.set(name, origin);
    for (const [name, node] of declarationsOf(statement)) declared.set(name, node);
  }
  const texts = new Set([...within(program)].flatMap(({ type, value }) => (type === "Literal" ? [value] : [])));
  return { declared, imported, texts };
}

/** Names that a statement brings in from another file of ours, re-exports among them. */
function importsOf(file: string, { type, source, specifiers }: Node): readonly (readonly [string, Origin])[] {
  const from = (source as { readonly value?: string } | null | undefined)?.value;
  if (!from?.startsWith(".") || !Array.isArray(specifiers)) return [];
  const target = join(dirname(file), from);
  return (specifiers as readonly Node[]).flatMap((each): readonly (readonly [string, Origin])[] => {
    const [inside, outside] = type === "ImportDeclaration" ? [each.local, each.imported] : [each.exported, each.local];
    const [name, there] = [nameOf(inside as Node), nameOf((outside ?? inside) as Node)];
    return name && there ? [[name, { file: target, name: there }]] : [];
  });
}

function declarationsOf(statement: Node): readonly (readonly [string, Node])[] {
  const declaration = (statement.declaration ?? statement) as Node;
  if (declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration")
    return [[nameOf(declaration.id as Node) ?? "", declaration]];
  if (declaration.type !== "VariableDeclaration") return [];
  return (declaration.declarations as readonly Node[]).flatMap((each) =>
    [...patternNames(each.id as Node)].map((name) => [name, each.init as Node] as const),
  );
}

/** `a`, `{ a, b: c }` and `[a]` declare names. */
function patternNames(pattern: Node): ReadonlySet<string> {
  return namesIn(pattern);
}

/** A node and all below it, types left out: they call nothing. */
function* within(node: Node): Generator<Node> {
  if (node.type.startsWith("TS") && !expressions.has(node.type)) return;
  yield node;
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* within(child);
}

/** What TypeScript wraps around an expression. */
const expressions = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"]);

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}
