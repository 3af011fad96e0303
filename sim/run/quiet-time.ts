import type { ServiceKey } from "../../core/model/ids.ts";
import { type CallSite, siteName } from "../world/call-site.ts";
import type { World } from "../world.ts";
import { type DrawnService, keyOf, manifestOf, messagesPerTask, queueOf } from "./drawn-service.ts";
import { letPass } from "./let-pass.ts";
import { restoreMachines } from "./machines.ts";
import type { Scenario } from "./scenario.ts";
import type { Story } from "./story.ts";

/** A service with what it takes to apply it. */
export interface Deployed {
  readonly service: DrawnService;
  readonly manifest: (version: string) => object;
  /** Behind it, if it has traffic. */
  readonly targetGroup: string;
}

const minute = 60_000;
const goodVersion = "v9";
/** Room for every service at its most, and as much again for its surge. */
const enoughNodes = 6;
/** How often it is looked whether everything has come right. */
const lookMs = 10_000;

/** Gives each service a target group of its own, and an empty queue to those that follow one. */
export function deployable(world: World, services: readonly DrawnService[]): readonly Deployed[] {
  const { elb } = world.aws;
  const loadBalancer = elb.loadBalancers()[0]?.arn ?? "";
  return services.map((service, index) => {
    const healthCheck = { intervalSeconds: 5, timeoutSeconds: 2 };
    const { arn } = elb.createTargetGroup({ name: service.name, targetType: "instance", port: 80, healthCheck });
    elb.setDeregistrationDelay(arn, 30);
    elb.createListener({ loadBalancer, port: 8_000 + index, targetGroup: arn });
    if (service.autoscaling) world.metrics.setQueue(queueOf(service), { visible: 2 * messagesPerTask });
    return { service, targetGroup: arn, manifest: (version) => manifestOf(service, version, arn) };
  });
}

/**
 * Nothing fails any more, every node is in reach and there is room; somebody resumes everything and applies a version that works. Then
 * everything has to come right, stay so, and cost nothing; at last some services are deleted, and others given a version that does not.
 *
 * @returns What is not as it should be, most telling first; empty: nothing.
 */
export async function quietTime(
  world: World,
  services: readonly Deployed[],
  { restMs }: Scenario,
  told: Story,
): Promise<readonly string[]> {
  await calm(world, services, told);
  const isRight = () => services.flatMap((each) => differences(world, each));
  const wrong = await comesRight(world, isRight, 100 * minute);
  if (wrong.length > 0) return [`L1 what runs is not what is wanted: ${wrong.join("; ")}`];
  told.tell("everything is as it should be: a time of rest begins");
  const stirred = await rest(world, restMs);
  if (stirred.length > 0) return [`L2 it does not rest: ${stirred.join("; ")}`];
  const left = isRight();
  if (left.length > 0) return [`L1 it did not stay right: ${left.join("; ")}`];
  return [...(await end(world, services, told)), ...unfinishedCommands(world)];
}

async function calm(world: World, services: readonly Deployed[], told: Story): Promise<void> {
  restoreMachines(world, enoughNodes);
  world.aws.sick.clear();
  for (const { service } of services) world.metrics.setQueue(queueOf(service), { visible: 3 * messagesPerTask });
  told.tell("every node is in reach, there is room, and metrics can be read");
  // What stands still for ten minutes, and commands whose messages come back late, are over by then.
  await letPass(world, 15 * minute);
  for (const { service, manifest } of services) {
    const { namespace, name } = service;
    told.tell(`somebody resumes ${namespace}/${name} and all of it, and applies ${goodVersion}`);
    const naming = { kind: "Service", metadata: { namespace, name } };
    world.send("resume", { kind: "Namespace", metadata: { name: namespace } });
    world.send("resume", naming);
    world.send("resume", { ...naming, only: "rollout" });
    // Whatever it was scaled to meanwhile.
    world.apply({ ...manifest(goodVersion), confirm: true });
  }
  await letPass(world, lookMs);
}

/** How many tasks of a service are wanted in the end. */
function wantedOf({ replicas, autoscaling }: DrawnService): number {
  return autoscaling === undefined ? replicas : Math.min(autoscaling.max, Math.max(autoscaling.min, 3));
}

function differences(world: World, { service }: Deployed): readonly string[] {
  const key = keyOf(service);
  const found = [...world.differences(key, wantedOf(service)), ...wrongVersions(world, key)];
  const serving = world.serving(key).length;
  if (serving !== wantedOf(service)) found.push(`${serving} tasks serve`);
  return found.map((what) => `${key}: ${what}`);
}

function wrongVersions(world: World, key: ServiceKey): readonly string[] {
  const images = world.truth.live(key).flatMap(({ containers }) => containers.map(({ image }) => image));
  return images.filter((image) => !image.endsWith(`:${goodVersion}`)).map((image) => `a task runs ${image}`);
}

/** Lets time pass until nothing is wrong any more; answers what still is at the end. */
async function comesRight(world: World, wrong: () => readonly string[], mostMs: number): Promise<readonly string[]> {
  const endMs = world.clock.nowMs() + mostMs;
  while (wrong().length > 0 && world.clock.nowMs() < endMs) await letPass(world, lookMs);
  return wrong();
}

/** Nothing is changed while nobody asks for anything. Leases are taken by those who look, and what is over is cleared away in time. */
async function rest(world: World, mostMs: number): Promise<readonly string[]> {
  await letPass(world, 12 * minute);
  const from = world.calls.length;
  await letPass(world, mostMs);
  const stirs = world.calls
    .slice(from)
    .filter((site) => site.mutates && site.port !== "queues" && !isHousekeeping(site));
  return stirs.slice(0, 3).map((site) => `${siteName(site)} ${JSON.stringify(site.args).slice(0, 120)}`);
}

function isHousekeeping({ port, method, args }: CallSite): boolean {
  const { sort, status, phase } = (args[0] ?? {}) as {
    readonly sort?: string;
    readonly status?: string;
    readonly phase?: string;
  };
  const isOver = status === "STOPPED" || phase === "answered" || phase === "void";
  return port === "store" && (sort === "lease" || (method === "remove" && isOver));
}

/** Each service comes to the end that was drawn for it. */
async function end(world: World, services: readonly Deployed[], told: Story): Promise<readonly string[]> {
  for (const { service, manifest } of services) {
    if (service.end === "stays") continue;
    const bad = badVersionFor(service);
    told.tell(`somebody ${service.end === "deleted" ? "deletes" : `applies ${bad} of`} ${keyOf(service)}`);
    if (service.end === "deleted") world.delete(keyOf(service));
    else world.apply(manifest(bad));
  }
  await letPass(world, lookMs);
  const wrong = () => services.flatMap((each) => notEnded(world, each));
  const left = await comesRight(world, wrong, 90 * minute);
  return left.length > 0 ? [`L8 L9 it did not come to its end: ${left.join("; ")}`] : [];
}

/** One that crashes half a second after its start; where that counts as available for a moment, one that never starts. */
function badVersionFor({ minReadySeconds }: DrawnService): string {
  return minReadySeconds > 0 ? "crashes" : "missing";
}

function notEnded(world: World, deployed: Deployed): readonly string[] {
  const { service, targetGroup } = deployed;
  const key = keyOf(service);
  switch (service.end) {
    case "stays":
      return differences(world, deployed);
    case "deleted": {
      const targets = world.aws.elb.targetHealth(targetGroup).length;
      return [
        ...(world.isDeleted(key) ? [] : [`${key} is not deleted`]),
        ...(targets > 0 ? [`${key} has ${targets} targets`] : []),
      ];
    }
    case "bad version":
      return notFailed(world, deployed);
  }
}

/** The rollout of a bad version fails; where it is rolled back, the version that worked is all that runs. */
function notFailed(world: World, deployed: Deployed): readonly string[] {
  const { service } = deployed;
  const key = keyOf(service);
  const outcome = world.service(key).state?.rollout?.failure?.outcome;
  if (outcome === undefined) return [`${key} still rolls out a bad version`];
  return service.onFailure === "rollback" ? differences(world, deployed) : [];
}

/** Commands without a result, but for those whose messages were given up: somebody sends them again. */
function unfinishedCommands(world: World): readonly string[] {
  const open = world.truth.commands().filter(({ phase }) => phase === "received");
  if (open.length <= world.queues.dead("commands").length) return [];
  return [`S7 ${open.length} commands have no result: ${open.map(({ type }) => type).join(", ")}`];
}
