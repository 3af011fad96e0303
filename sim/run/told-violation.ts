import type { Violation } from "./play-seed.ts";

/** A violation as people read it: what, how to see it again, what was drawn, and what happened last. */
export function toldViolation(violation: Violation & { readonly commit: string }): string {
  const { seed, commit, what, scenario, trace, stack } = violation;
  const { services, acts, ...options } = scenario;
  return [
    `seed ${seed} at commit ${commit}: ${what}`,
    `  again: npm run sim -- --seed ${seed}`,
    ...(stack === undefined ? [] : ["thrown:", stack]),
    "drawn:",
    `  ${JSON.stringify(options)}`,
    ...services.map((service) => `  service ${JSON.stringify(service)}`),
    `  acts: ${acts.map(({ act, service }) => `${act} (${services[service]?.name})`).join(", ")}`,
    "what happened last (hours:minutes:seconds since the begin):",
    ...trace.map((line) => `  ${line}`),
  ].join("\n");
}
