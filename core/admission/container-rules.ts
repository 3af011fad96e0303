import type { Container } from "../model/task-template.ts";
import { type Findings, report } from "./findings.ts";
import type { Draft } from "./objects.ts";
import { child, type Place } from "./place.ts";
import { looksSecret } from "./secret-names.ts";

/** Looks at fields of one container that have to go together. Parts that could not be read are passed over. */
type Rule = (container: Draft<Container>, place: Place, findings: Findings) => void;

const portsAreDistinct: Rule = ({ ports = [] }, place, findings) => {
  const seen = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const { name, containerPort, protocol } = port ?? {};
    const here = child(child(place, "ports"), index);
    if (name !== undefined && seen.has(name)) {
      report(
        findings,
        child(here, "name"),
        "conflict",
        () => `name must stand once in its container, but ${name} is there again`,
      );
    }
    const number = `${containerPort}/${protocol}`;
    if (containerPort !== undefined && seen.has(number)) {
      report(
        findings,
        child(here, "containerPort"),
        "conflict",
        () => `containerPort must stand once, but ${number} is there again`,
      );
    }
    seen.add(name ?? "").add(number);
  }
};

const reservationFitsMemory: Rule = ({ memoryMib, memoryReservationMib }, place, findings) => {
  if (memoryMib === undefined || memoryReservationMib === undefined || memoryReservationMib <= memoryMib) return;
  const here = child(place, "memoryReservationMib");
  report(
    findings,
    here,
    "conflict",
    () => `memoryReservationMib must be at most memoryMib (${memoryMib}), got ${memoryReservationMib}`,
  );
};

const healthCommandSaysHow: Rule = ({ health }, place, findings) => {
  const how = health?.command?.[0];
  if (how === undefined || how === "CMD" || how === "CMD-SHELL") return;
  const here = child(child(child(place, "health"), "command"), 0);
  report(findings, here, "conflict", () => "command must begin with CMD or CMD-SHELL");
};

const variablesAreSetOnce: Rule = ({ environment = {}, secrets = {} }, place, findings) => {
  for (const name of Object.keys(secrets).filter((candidate) => Object.hasOwn(environment, candidate))) {
    const here = child(child(place, "secrets"), name);
    report(findings, here, "conflict", () => `${name} must stand in environment or in secrets, but is in both`);
  }
};

const secretsAreReferences: Rule = ({ environment = {}, plainSecrets = [] }, place, findings) => {
  for (const name of Object.keys(environment)) {
    if (!looksSecret(name) || plainSecrets.includes(name)) continue;
    const here = child(child(place, "environment"), name);
    report(
      findings,
      here,
      "secret",
      () =>
        `${name} looks like a secret; give the ARN of one in secrets, or list ${name} in plainSecrets if it is none`,
    );
  }
};

const plainSecretsAreVariables: Rule = ({ environment, plainSecrets = [] }, place, findings) => {
  for (const [index, name] of plainSecrets.entries()) {
    if (name === undefined || !environment || Object.hasOwn(environment, name)) continue;
    const here = child(child(place, "plainSecrets"), index);
    report(findings, here, "conflict", () => `plainSecrets must name keys of environment, got ${name}`);
  }
};

/** In the order in which their issues are told. */
export const containerRules: readonly Rule[] = [
  portsAreDistinct,
  reservationFitsMemory,
  healthCommandSaysHow,
  variablesAreSetOnce,
  secretsAreReferences,
  plainSecretsAreVariables,
];
