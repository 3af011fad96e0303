import type { Origin } from "./mix.ts";
import type { ServiceFindings } from "./probe/capability.ts";

/** The probe's findings as a table: a star marks what the integration suite cannot do without. */
export function matrixText(title: string, found: readonly ServiceFindings[]): string {
  const rows = found.flatMap(({ service, findings }) =>
    findings.length === 0
      ? [`  ${service.padEnd(serviceWidth)}  –   not offered`]
      : findings.map(({ name, isNeeded, lack }, index) => {
          const does = lack === undefined ? "yes" : "NO ";
          const shown = `${name}${isNeeded ? " *" : ""}`;
          const line = `  ${(index === 0 ? service : "").padEnd(serviceWidth)}  ${does} ${shown.padEnd(nameWidth)}`;
          return `${line} ${lack ?? ""}`.trimEnd();
        }),
  );
  return [`What ${title} does (* the integration suite needs it):`, ...rows, ""].join("\n");
}

/** Where each service of this run comes from. */
export function mixText(mix: readonly Origin[], target: string): string {
  const rows = mix.map(({ service, isTargets, why }) => {
    const from = (isTargets ? target : "ours").padEnd(nameOfTargetWidth);
    return `  ${service.padEnd(serviceWidth)}  ${from}  ${why}`;
  });
  return ["The integration suite runs against:", ...rows, ""].join("\n");
}

const serviceWidth = 9;
const nameWidth = 60;
const nameOfTargetWidth = 10;
