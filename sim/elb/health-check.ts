import { validate } from "./error.ts";

/** How an Application Load Balancer looks at the targets of a group. */
export interface HealthCheck {
  readonly path: string;
  /** The port that is checked: the target's own (`traffic-port`), or always this one. */
  readonly port: "traffic-port" | number;
  /** 5 to 300, and more than the timeout. */
  readonly intervalSeconds: number;
  /** 2 to 120. */
  readonly timeoutSeconds: number;
  /** Passes in a row that bring an unhealthy target back, 2 to 10. */
  readonly healthyThreshold: number;
  /** Failures in a row that make a target unhealthy, 2 to 10. */
  readonly unhealthyThreshold: number;
  /** Status codes that pass: `200`, `200,302` or `200-299`; 200 to 499. */
  readonly matcher: string;
}

/** What ELBv2 fills in for a target group of type `ip` or `instance` with protocol HTTP. */
export const defaultHealthCheck: HealthCheck = {
  path: "/",
  port: "traffic-port",
  intervalSeconds: 30,
  timeoutSeconds: 5,
  healthyThreshold: 5,
  unhealthyThreshold: 2,
  matcher: "200",
};

const ranges = [
  { field: "intervalSeconds", title: "health check interval", least: 5, most: 300 },
  { field: "timeoutSeconds", title: "health check timeout", least: 2, most: 120 },
  { field: "healthyThreshold", title: "healthy threshold count", least: 2, most: 10 },
  { field: "unhealthyThreshold", title: "unhealthy threshold count", least: 2, most: 10 },
] as const;

/** The same health check if ELBv2 would take it. @throws ElbError ValidationError */
export function checkedHealthCheck(healthCheck: HealthCheck): HealthCheck {
  for (const { field, title, least, most } of ranges) {
    const value = healthCheck[field];
    const fits = Number.isInteger(value) && value >= least && value <= most;
    validate(fits, `${title} must be ${least} to ${most}, got ${value}`);
  }
  const { intervalSeconds, timeoutSeconds, path, port, matcher } = healthCheck;
  validate(
    intervalSeconds > timeoutSeconds,
    `health check interval must be greater than the timeout, got ${intervalSeconds} and ${timeoutSeconds}`,
  );
  validate(
    /^\/[!-~]{0,1023}$/.test(path),
    `health check path must start with "/" and have 1 to 1024 printable characters, got "${path}"`,
  );
  validate(
    port === "traffic-port" || isPort(port),
    `health check port must be "traffic-port" or 1 to 65535, got ${port}`,
  );
  validate(
    statusRanges(matcher) !== undefined,
    `matcher must be status codes of 200 to 499 such as "200,302" or "200-299", got "${matcher}"`,
  );
  return healthCheck;
}

/** Whether it is a TCP port that something can listen on. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** Whether a check that was answered with that status has passed. */
export function matches(matcher: string, status: number): boolean {
  return (statusRanges(matcher) ?? []).some(([first, last]) => status >= first && status <= last);
}

/** The ranges that a matcher names; undefined when it is malformed. */
function statusRanges(matcher: string): readonly (readonly [number, number])[] | undefined {
  const ranges: [number, number][] = [];
  for (const part of matcher.split(",")) {
    const [, from, to] = /^(\d{3})(?:-(\d{3}))?$/.exec(part) ?? [];
    const first = Number(from);
    const last = Number(to ?? from);
    if (!(first >= 200 && last >= first && last <= 499)) return undefined;
    ranges.push([first, last]);
  }
  return ranges;
}
