import { keys } from "../../core/model/names.ts";
import { type InstallRecord, schema } from "../../core/model/records.ts";
import type { Ports } from "../../core/ports/index.ts";
import type { Observation, Wakeup } from "../../core/ports/queues.ts";
import { acceptCommand } from "../../steps/accept.ts";
import { dispatchCluster } from "../../steps/dispatch.ts";
import { observe } from "../../steps/observe.ts";
import { reconcileService } from "../../steps/reconcile.ts";
import { sweep } from "../../steps/sweep.ts";
import { aCommandText, aManifestWith } from "./manifests.ts";
import { aStage, type Stage } from "./stage.ts";

/** `shop/web` of install `local000`, with two replicas unless told, running and at rest: nothing is on its way to it. */
export async function aRunningService(changes: Readonly<Record<string, unknown>> = {}): Promise<Stage> {
  const stage = aStage();
  const install = { ...keys.install(), schema, uid: "i1", installId: "local000", paused: false };
  await stage.store.create<InstallRecord>(install);
  await applied(stage, { "spec.replicas": 2, ...changes });
  await settle(stage);
  return stage;
}

/** Has a manifest of `shop/web`, the minimal one with these changes, accepted. */
export async function applied({ ports }: Stage, changes: Readonly<Record<string, unknown>>): Promise<void> {
  await command(ports, "apply", aManifestWith(changes));
}

/** Has `shop/web` scaled. */
export async function scaled({ ports }: Stage, replicas: number): Promise<void> {
  await command(ports, "scale", { kind: "Service", metadata: { namespace: "shop", name: "web" }, replicas });
}

async function command(ports: Ports, type: string, data: unknown): Promise<void> {
  const id = ports.random.uid();
  const [body, sizeBytes] = aCommandText(type, data, { id });
  await acceptCommand({ body, sizeBytes, senderId: "AIDA", messageId: id }, ports);
}

/** Two minutes of sweeps, and all that they and the handlers ask for carried out as it falls due. */
export async function settle(stage: Stage): Promise<void> {
  for (let second = 0; second < 120; second += 1) {
    if (second % 30 === 0) await sweep(stage.ports);
    stage.pass(1_000);
    await deliver(stage);
  }
}

/** Carries out all that is due now; what that asks for at once as well. */
async function deliver({ queues, ports }: Stage): Promise<void> {
  const handlers = {
    work: (wakeup: Wakeup) => reconcileService(wakeup, ports),
    dispatch: (wakeup: Wakeup) => dispatchCluster(wakeup, ports),
    observations: ({ observations, hops }: { observations: readonly Observation[]; hops: number }) =>
      observe(observations, hops, ports),
  };
  for (const queue of ["observations", "work", "dispatch"] as const)
    for (const { body, receipt } of queues.receive(queue, 100)) {
      await handlers[queue](JSON.parse(body));
      queues.remove(queue, receipt);
    }
}
