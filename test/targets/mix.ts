import type { Finding, ServiceFindings } from "./probe/capability.ts";

/** Where a service comes from in this run, and why. */
export interface Origin {
  readonly service: string;
  /** As in `AWS_ENDPOINT_URL_<variable>`; absent: nothing of ours calls it. */
  readonly variable?: string;
  /** The integration suite uses the target's. */
  readonly isTargets: boolean;
  /** The contracts are held against the target's, row by row. */
  readonly isOffered: boolean;
  readonly why: string;
}

interface Rule {
  readonly service: string;
  readonly variable?: string;
  /** Why it is ours although nothing is lacking. */
  readonly ours?: string;
}

const rules: readonly Rule[] = [
  { service: "DynamoDB", variable: "DYNAMODB" },
  { service: "SQS", variable: "SQS" },
  { service: "ECS", variable: "ECS", ours: "the suite breaks tasks and machines from inside the engine" },
  { service: "ELBv2", variable: "ELASTIC_LOAD_BALANCING_V2", ours: "its targets are tasks of our ECS" },
  { service: "Cloud Map", ours: "nothing of ours calls it yet" },
];

/** What the integration suite is to be run against: what the target lacks is the local cluster's. */
export function mixOf(found: readonly ServiceFindings[]): readonly Origin[] {
  return rules.map(({ service, variable, ours }) => {
    const { findings = [] } = found.find((each) => each.service === service) ?? {};
    const lacking = findings.filter(({ isNeeded, lack }) => isNeeded && lack !== undefined);
    const isWhole = findings.length > 0 && lacking.length === 0;
    return {
      service,
      ...(variable && { variable }),
      isTargets: isWhole && ours === undefined,
      // The contracts of ECS and ELB say of each row what it needs; those of the others need everything.
      isOffered: variable !== undefined && (ours ? findings[0] !== undefined && isThere(findings[0]) : isWhole),
      why: why(findings, lacking, ours),
    };
  });
}

const isThere = ({ lack }: Finding) => lack === undefined;

function why(findings: readonly Finding[], lacking: readonly Finding[], ours: string | undefined): string {
  if (findings.length === 0) return "it is not offered";
  if (lacking.length > 0) return `it lacks ${lacking.map(({ name }) => name).join(", ")}`;
  return ours ?? "it has all that is needed";
}
