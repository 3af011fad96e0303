import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Policy, ruleThatAllows } from "../../../core/access/decide.ts";
import { type Need, needOf } from "../../../core/access/needs.ts";
import { roles, verbs, verbsOf } from "../../../core/access/roles.ts";
import type { Command } from "../../../core/admission/index.ts";
import type { Grant, Role, Verb } from "../../../core/model/grants.ts";
import { serviceKey } from "../../../core/model/ids.ts";

const apiVersion = "longshore.dev/v1";
const ofShop = { kind: "Namespace", name: "shop" } as const;
const ofInstall = { kind: "Install" } as const;

/** A command that asks for nothing but what it is; what else it holds decides nothing. */
function command(verb: Verb, namespace: string): Command {
  return { type: verb, key: serviceKey(namespace, "web"), confirm: false } as Command;
}

/** What a row of the table asks for, over the columns: each verb on a service, then what is about more than one. */
const columns: readonly { readonly name: string; readonly command: Command }[] = [
  ...verbs.map((verb) => ({ name: verb, command: command(verb, "shop") })),
  ...(["pause", "resume"] as const).map((type) => ({ name: `${type} namespace`, command: { type, scope: ofShop } })),
  {
    name: "grant in namespace",
    command: {
      type: "apply",
      scope: ofShop,
      manifest: { apiVersion, kind: "Namespace", metadata: { name: "shop" }, spec: { grants: [] } },
    },
  },
  ...(["pause", "resume"] as const).map((type) => ({ name: `${type} install`, command: { type, scope: ofInstall } })),
  {
    name: "grant everywhere",
    command: {
      type: "apply",
      scope: ofInstall,
      manifest: { apiVersion, kind: "Install", spec: { administrators: [], grants: [] } },
    },
  },
];

const me = "AROAME";
const somebody = ["AROAADMIN"];
const nobody: Policy = { administrators: somebody, everywhere: [], here: [] };
const asRole = (role: Role): readonly Grant[] => [{ principal: me, role }];
const asVerbs = (...its: readonly Verb[]): readonly Grant[] => [{ principal: me, verbs: its }];
const foreign = [{ principal: "AROAOTHER", role: "owner" }] as const;

const everything = "+ + + + + + + + | + + + | + + +";
const nothing = "- - - - - - - - | - - - | - - -";
const deployer = "+ + - + + + - - | - - - | - - -";
const operator = "- + - + + + + + | + + - | - - -";
const owner = "+ + + + + + + + | + + - | - - -";

/** Columns: apply scale delete restart rollback cancel pause resume | pause, resume, grant in namespace | of the install. */
const table: readonly { readonly who: string; readonly policy: Policy; readonly may: string }[] = [
  { who: "anybody, while there is no administrator", policy: { ...nobody, administrators: [] }, may: everything },
  {
    who: "anybody, while there is none but grants of others",
    policy: { administrators: [], everywhere: foreign, here: foreign },
    may: everything,
  },
  { who: "an administrator", policy: { ...nobody, administrators: [...somebody, me] }, may: everything },
  { who: "whoever is granted nothing", policy: nobody, may: nothing },
  { who: "whoever is no owner", policy: { ...nobody, everywhere: foreign, here: foreign }, may: nothing },
  { who: "a deployer here", policy: { ...nobody, here: asRole("deployer") }, may: deployer },
  { who: "a deployer everywhere", policy: { ...nobody, everywhere: asRole("deployer") }, may: deployer },
  { who: "an operator here", policy: { ...nobody, here: asRole("operator") }, may: operator },
  { who: "an operator everywhere", policy: { ...nobody, everywhere: asRole("operator") }, may: operator },
  { who: "an owner here", policy: { ...nobody, here: asRole("owner") }, may: owner },
  { who: "an owner everywhere", policy: { ...nobody, everywhere: asRole("owner") }, may: owner },
  {
    who: "a deployer here who is an operator everywhere",
    policy: { ...nobody, everywhere: asRole("operator"), here: asRole("deployer") },
    may: "+ + - + + + + + | + + - | - - -",
  },
  { who: "of apply", policy: { ...nobody, here: asVerbs("apply") }, may: "+ - - - - - - - | - - - | - - -" },
  { who: "of scale", policy: { ...nobody, here: asVerbs("scale") }, may: "- + - - - - - - | - - - | - - -" },
  { who: "of delete", policy: { ...nobody, here: asVerbs("delete") }, may: "- - + - - - - - | - - - | - - -" },
  { who: "of restart", policy: { ...nobody, here: asVerbs("restart") }, may: "- - - + - - - - | - - - | - - -" },
  { who: "of rollback", policy: { ...nobody, here: asVerbs("rollback") }, may: "- - - - + - - - | - - - | - - -" },
  { who: "of cancel", policy: { ...nobody, here: asVerbs("cancel") }, may: "- - - - - + - - | - - - | - - -" },
  { who: "of pause", policy: { ...nobody, here: asVerbs("pause") }, may: "- - - - - - + - | + - - | - - -" },
  { who: "of resume", policy: { ...nobody, here: asVerbs("resume") }, may: "- - - - - - - + | - + - | - - -" },
  {
    who: "of two verbs in one grant, and one in another",
    policy: { ...nobody, here: [...asVerbs("scale", "restart"), ...asVerbs("delete")] },
    may: "- + + + - - - - | - - - | - - -",
  },
  {
    who: "of a role that only a newer Longshore knows",
    policy: { ...nobody, here: asRole("constructor" as Role), everywhere: asRole("viewer" as Role) },
    may: nothing,
  },
];

describe("who may do what", () => {
  const cells = table.flatMap(({ who, policy, may }) =>
    may
      .replaceAll("| ", "")
      .split(" ")
      .map((mark, index) => ({ who, policy, mark, ...columns[index] })),
  );

  test("is drawn for every column", () => {
    for (const { may } of table) expect(may.replaceAll(/[| ]/g, "")).toHaveLength(columns.length);
    expect(columns.map(({ name }) => name).slice(0, 8)).toEqual([...verbs]);
  });

  test.for(cells)("$who: $name $mark", ({ policy, mark, command: asked }) => {
    if (asked === undefined) throw new Error("a cell without a column");
    const rule = ruleThatAllows(me, needOf(asked), policy);
    expect(rule === undefined ? "-" : "+").toBe(mark);
  });
});

describe("what a command takes", () => {
  test.for(verbs)("%s of a service is a matter of its namespace", (verb) => {
    expect(needOf(command(verb, "bank"))).toEqual({ kind: "grant", verb, namespace: "bank" });
  });

  test("a namespace is paused by its own grants, whose else is", () => {
    const need = needOf({ type: "pause", scope: { kind: "Namespace", name: "bank" } });
    expect(need).toEqual({ kind: "grant", verb: "pause", namespace: "bank" });
  });
});

describe("roles", () => {
  test("an owner has every verb, and nobody has one that there is not", () => {
    expect(roles.owner).toEqual(verbs);
    for (const its of Object.values(roles)) expect(verbs).toEqual(expect.arrayContaining([...its]));
  });

  test("a grant with both has both", () => {
    expect(new Set(verbsOf({ principal: me, role: "deployer", verbs: ["pause"] }))).toEqual(
      new Set([...roles.deployer, "pause"]),
    );
  });
});

const principals = fc.constantFrom("AROA1", "AROA2", "AIDA3", "111122223333", "10.0.0.1", "local", "");
const verbLists = fc.uniqueArray(fc.constantFrom(...verbs), { minLength: 1 });
const grantOf = (principal: fc.Arbitrary<string>): fc.Arbitrary<Grant> =>
  fc.oneof(
    fc.record({ principal, verbs: verbLists }),
    fc.record({ principal, role: fc.constantFrom<Role>("deployer", "operator", "owner") }),
  );
const grantLists = fc.array(grantOf(principals), { maxLength: 6 });
const policies = fc.record({
  administrators: fc.uniqueArray(principals, { minLength: 1, maxLength: 3 }),
  everywhere: grantLists,
  here: grantLists,
});
const needs: fc.Arbitrary<Need> = fc.oneof(
  fc.record({ kind: fc.constant("grant" as const), verb: fc.constantFrom(...verbs), namespace: fc.constant("shop") }),
  fc.record({
    kind: fc.constant("administrator" as const),
    verb: fc.constantFrom<Verb>("apply", "pause", "resume"),
    scope: fc.constantFrom(ofShop, ofInstall),
  }),
);

describe("whatever is granted, once there is an administrator", () => {
  test("nobody is allowed what neither is granted to this very id, nor is an administrator's", () => {
    fc.assert(
      fc.property(principals, needs, policies, (sender, need, policy) => {
        const own = [...policy.everywhere, ...policy.here].filter(({ principal }) => principal === sender);
        const isGranted = need.kind === "grant" && own.some((grant) => verbsOf(grant).includes(need.verb));
        const isAllowed = policy.administrators.includes(sender) || isGranted;
        expect(ruleThatAllows(sender, need, policy) !== undefined).toBe(isAllowed);
      }),
    );
  });

  test("another grant takes nothing away from anybody, and gives nobody else anything", () => {
    fc.assert(
      fc.property(
        principals,
        needs,
        policies,
        grantOf(principals),
        fc.boolean(),
        (sender, need, policy, added, here) => {
          const list = here ? "here" : "everywhere";
          const more = { ...policy, [list]: [...policy[list], added] };
          const [before, after] = [policy, more].map((each) => ruleThatAllows(sender, need, each) !== undefined);
          if (before || added.principal !== sender) expect(after).toBe(before);
        },
      ),
    );
  });

  test("another administrator takes nothing away from anybody", () => {
    fc.assert(
      fc.property(principals, needs, policies, principals, (sender, need, policy, added) => {
        const more = { ...policy, administrators: [...policy.administrators, added] };
        if (ruleThatAllows(sender, need, policy) !== undefined)
          expect(ruleThatAllows(sender, need, more)).toBeDefined();
      }),
    );
  });

  test("an id that is longer or shorter, or in other letters, is another", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...verbs),
        fc.constantFrom("AROA", "AROAME1", "aroame", "AROAME ", "*", ""),
        (verb, sender) => {
          const policy = { administrators: [me], everywhere: asRole("owner"), here: asRole("owner") };
          expect(ruleThatAllows(sender, { kind: "grant", verb, namespace: "shop" }, policy)).toBeUndefined();
        },
      ),
    );
  });
});
