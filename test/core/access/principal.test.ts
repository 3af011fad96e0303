import { expect, test } from "vitest";
import { describePrincipal, principalOf, principalPattern } from "../../../core/access/principal.ts";
import { refusalOf } from "../../../core/access/refusal.ts";

test.for([
  { senderId: "AROAEXAMPLE:i-0123", principal: "AROAEXAMPLE", name: "role AROAEXAMPLE" },
  { senderId: "AROAEXAMPLE:AIDAADMIN", principal: "AROAEXAMPLE", name: "role AROAEXAMPLE" },
  { senderId: "AROAEXAMPLE:a:b", principal: "AROAEXAMPLE", name: "role AROAEXAMPLE" },
  { senderId: "AIDAEXAMPLE", principal: "AIDAEXAMPLE", name: "user AIDAEXAMPLE" },
  { senderId: "111122223333", principal: "111122223333", name: "account 111122223333" },
  { senderId: "111122223333:jane", principal: "111122223333", name: "account 111122223333" },
  { senderId: "192.0.2.7", principal: "192.0.2.7", name: "address 192.0.2.7" },
  { senderId: "2001:db8::1", principal: "2001", name: "sender 2001" },
  { senderId: "AROAexample", principal: "AROAexample", name: "sender AROAexample" },
  { senderId: "jane@example.com", principal: "jane@example.com", name: "sender jane@example.com" },
  { senderId: "local", principal: "local", name: "sender local" },
  { senderId: "", principal: "", name: "a sender without an id" },
  { senderId: ":AROAEXAMPLE", principal: "", name: "a sender without an id" },
])("who sent $senderId is $name", ({ senderId, principal, name }) => {
  expect(principalOf(senderId)).toBe(principal);
  expect(describePrincipal(principal).name).toBe(name);
});

test.for([
  { text: "AROAEXAMPLE", is: true },
  { text: "111122223333", is: true },
  { text: "192.0.2.7", is: true },
  { text: "a".repeat(128), is: true },
  { text: "a".repeat(129), is: false },
  { text: "", is: false },
  { text: "*", is: false },
  { text: "AROA*", is: false },
  { text: "AROAEXAMPLE:session", is: false },
  { text: "arn:aws:iam::111122223333:role/ci", is: false },
  { text: "AROAEXAMPLE\n", is: false },
])("$text may be granted something: $is", ({ text, is }) => {
  expect(principalPattern.test(text)).toBe(is);
});

test.for([
  {
    sender: "AROACI",
    need: { kind: "grant", verb: "scale", namespace: "shop" },
    says: 'role AROACI may not scale in namespace shop: it has no grant; an administrator can add { principal: "AROACI", verbs: [scale] }, or a role (deployer, operator or owner), to spec.grants of kind Namespace, name shop',
  },
  {
    sender: "AIDAJANE",
    need: { kind: "grant", verb: "delete", namespace: "shop" },
    says: 'user AIDAJANE may not delete in namespace shop: it has no grant; an administrator can add { principal: "AIDAJANE", verbs: [delete] }, or a role (owner), to spec.grants of kind Namespace, name shop',
  },
  {
    sender: "AROACI",
    need: { kind: "administrator", verb: "apply", scope: { kind: "Namespace", name: "shop" } },
    says: 'role AROACI may not apply namespace shop: only an administrator may; one of them can add "AROACI" to spec.administrators of kind Install',
  },
  {
    sender: "AROACI",
    need: { kind: "administrator", verb: "pause", scope: { kind: "Install" } },
    says: 'role AROACI may not pause the install: only an administrator may; one of them can add "AROACI" to spec.administrators of kind Install',
  },
  {
    sender: "111122223333",
    need: { kind: "administrator", verb: "apply", scope: { kind: "Install" } },
    says: "; but it stands for the account's root user and everybody who is federated into it: better send as a role or a user",
  },
  {
    sender: "192.0.2.7",
    need: { kind: "grant", verb: "apply", namespace: "shop" },
    says: "; but it is nobody in particular: better send as a role or a user",
  },
  {
    sender: "",
    need: { kind: "grant", verb: "apply", namespace: "shop" },
    says: "a sender without an id may not apply in namespace shop: nothing can be granted to nobody; send it with credentials of a role or a user",
  },
  {
    sender: "a\u001b[2J",
    need: { kind: "grant", verb: "apply", namespace: "shop" },
    says: "sender a\\u001b[2J may not apply",
  },
] as const)("a refusal says who, what, and how it is granted: $sender", ({ sender, need, says }) => {
  const { code, path, message } = refusalOf(sender, need);
  expect({ code, path }).toEqual({ code: "forbidden", path: "" });
  expect(message).toContain(says);
});
