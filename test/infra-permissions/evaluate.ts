/** A statement of a policy, lists everywhere. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  /** Operator → key → values. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** What somebody asks IAM for. */
export interface Ask {
  /** Such as `ecs:RunTask`. */
  readonly action: string;
  /** An ARN; `*` where the service knows no resource. */
  readonly resource: string;
  /** Condition keys that the request has; one that is absent is not there. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** What IAM answers; `by` is the statement that allowed it, or that denied it in so many words. */
export type Decision =
  | { readonly allowed: true; readonly by: Statement }
  | { readonly allowed: false; readonly by?: Statement; readonly why: string };

/**
 * Decides as IAM does for the policies of one role: a statement that denies beats every one that allows, and what nothing
 * allows is denied.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(statements: readonly Statement[], ask: Ask): Decision {
  const applying = statements.filter((statement) => appliesTo(statement, ask));
  const denying = applying.find(({ Effect }) => Effect === "Deny");
  if (denying) return { allowed: false, by: denying, why: "a statement denies it" };
  const allowing = applying.find(({ Effect }) => Effect === "Allow");
  return allowing ? { allowed: true, by: allowing } : { allowed: false, why: whyNot(statements, ask) };
}

function appliesTo(statement: Statement, ask: Ask): boolean {
  return isOfAction(statement, ask) && isOnResource(statement, ask) && conditionsHold(statement, ask);
}

function isOfAction({ Action }: Statement, { action }: Ask): boolean {
  return Action.some((pattern) => isLike(pattern.toLowerCase(), action.toLowerCase()));
}

/** Whether a statement speaks of what is asked for. */
export function isOnResource({ Resource }: Pick<Statement, "Resource">, { resource }: Pick<Ask, "resource">): boolean {
  return Resource.some((pattern) => pattern === "*" || isArnLike(pattern, resource));
}

function conditionsHold({ Condition = {} }: Statement, ask: Ask): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, wanted, valuesOf(ask, key))),
  );
}

function valuesOf({ context }: Ask, wanted: string): readonly string[] | undefined {
  const found = Object.entries(context).find(([key]) => key.toLowerCase() === wanted.toLowerCase());
  if (found === undefined) return undefined;
  const [, value] = found;
  return typeof value === "string" ? [value] : value;
}

type Matcher = (pattern: string, value: string) => boolean;

const equals: Matcher = (pattern, value) => pattern === value;
const matchers: Readonly<Record<string, { readonly matches: Matcher; readonly negated?: true }>> = {
  StringEquals: { matches: equals },
  StringNotEquals: { matches: equals, negated: true },
  StringLike: { matches: isLike },
  StringNotLike: { matches: isLike, negated: true },
  ArnEquals: { matches: isArnLike },
  ArnLike: { matches: isArnLike },
  ArnNotEquals: { matches: isArnLike, negated: true },
  ArnNotLike: { matches: isArnLike, negated: true },
  Bool: { matches: (pattern, value) => pattern.toLowerCase() === value.toLowerCase() },
};

/**
 * Whether one key of a condition holds. Of several values that a policy lists any may match; a negated operator wants
 * that none does, and holds where the request lacks the key.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
function holds(operator: string, wanted: readonly string[], values: readonly string[] | undefined): boolean {
  const [, set = "", name = "", ifExists] = /^(ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (name === "Null") return wanted.some((isNull) => (isNull === "true") === (values === undefined));
  const matcher = matchers[name];
  if (!matcher) throw new Error(`the condition operator ${operator} is not known here`);
  const { matches, negated = false } = matcher;
  if (values === undefined) return negated || ifExists !== undefined || set === "ForAllValues:";
  const fits = (value: string) => wanted.some((pattern) => matches(pattern, value)) !== negated;
  return set === "ForAnyValue:" ? values.some(fits) : values.every(fits);
}

/** `*` stands for any text, `?` for one character. */
function isLike(pattern: string, value: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`, "s").test(value);
}

/** Part by part: no wildcard reaches past a colon, but for those of the last of the six parts. */
function isArnLike(pattern: string, value: string): boolean {
  const [patterns, values] = [partsOf(pattern), partsOf(value)];
  return patterns.length === values.length && patterns.every((part, index) => isLike(part, values[index] ?? ""));
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/** The nearest miss, in words. */
function whyNot(statements: readonly Statement[], ask: Ask): string {
  const ofAction = statements.filter((statement) => statement.Effect === "Allow" && isOfAction(statement, ask));
  if (ofAction.length === 0) return `no statement allows ${ask.action}`;
  const onResource = ofAction.filter((statement) => isOnResource(statement, ask));
  if (onResource.length === 0) return `${ask.action} is allowed on other resources than ${ask.resource}`;
  return `${ask.action} is allowed on ${ask.resource} under conditions that do not hold: ${JSON.stringify(ask.context)}`;
}
