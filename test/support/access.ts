import type { Grant } from "../../core/model/grants.ts";
import { keys } from "../../core/model/names.ts";
import { type InstallRecord, type NamespaceRecord, schema } from "../../core/model/records.ts";
import type { Ports } from "../../core/ports/index.ts";
import { aStage, type Stage } from "./stage.ts";

const apiVersion = "longshore.dev/v1";

/** The manifest of namespace `shop`, or of another, with these grants. */
export function aNamespace(grants: readonly Grant[], name = "shop") {
  return { apiVersion, kind: "Namespace", metadata: { name }, spec: { grants } };
}

/** The install's manifest, with these administrators and these grants everywhere. */
export function anInstallManifest(administrators: readonly string[], grants: readonly Grant[] = []) {
  return { apiVersion, kind: "Install", spec: { administrators, grants } };
}

/** What is stored of who may do what. */
export interface Granted {
  readonly administrators?: readonly string[];
  readonly everywhere?: readonly Grant[];
  /** By namespace. */
  readonly grants?: Readonly<Record<string, readonly Grant[]>>;
  /** Those of the stack. */
  readonly appointed?: readonly string[];
}

/** A stage whose store has an install and namespaces with these grants. */
export async function aGuardedStage({
  administrators = [],
  everywhere = [],
  grants = {},
  appointed,
}: Granted): Promise<Stage> {
  const stage = aStage();
  await stage.store.create<InstallRecord>({
    ...keys.install(),
    schema,
    uid: "install",
    installId: "local000",
    paused: false,
    administrators,
    grants: everywhere,
  });
  for (const [name, its] of Object.entries(grants)) {
    const record = { ...keys.namespace(name), schema, uid: name, paused: false, lastCommand: "c0", grants: its };
    await stage.store.create<NamespaceRecord>(record);
  }
  const settings = appointed ? { ...stage.ports.settings, administrators: appointed } : stage.ports.settings;
  return { ...stage, ports: { ...stage.ports, settings } satisfies Ports };
}
