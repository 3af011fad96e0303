import { describe, expect, test } from "vitest";
import { agentSteps, moves, nextStatus, type TaskSignal } from "../../../sim/ecs/lifecycle.ts";

type Status = keyof typeof moves;

const signals: readonly TaskSignal[] = ["step", "started", "stop", "exited", "lost"];

/** Each status with where `step started stop exited lost` take it; `-` nowhere. With an interface. */
const wantedRunning = `
PROVISIONING    PENDING     -        DEPROVISIONING  -               STOPPED
PENDING         ACTIVATING  -        DEPROVISIONING  -               STOPPED
ACTIVATING      -           RUNNING  ACTIVATING      -               STOPPED
RUNNING         -           -        RUNNING         -               STOPPED
DEACTIVATING    STOPPING    -        -               -               STOPPED
STOPPING        -           -        -               DEPROVISIONING  STOPPED
DEPROVISIONING  STOPPED     -        -               -               STOPPED
STOPPED         -           -        -               -               -
`;

const wantedStopped = `
PROVISIONING    PENDING       -  -  -               STOPPED
PENDING         ACTIVATING    -  -  -               STOPPED
ACTIVATING      DEACTIVATING  -  -  -               STOPPED
RUNNING         DEACTIVATING  -  -  -               STOPPED
DEACTIVATING    STOPPING      -  -  -               STOPPED
STOPPING        -             -  -  DEPROVISIONING  STOPPED
DEPROVISIONING  STOPPED       -  -  -               STOPPED
STOPPED         -             -  -  -               -
`;

const rows = [
  { desiredStatus: "RUNNING", hasInterface: true, table: wantedRunning },
  { desiredStatus: "STOPPED", hasInterface: true, table: wantedStopped },
  { desiredStatus: "RUNNING", hasInterface: false, table: withoutInterface(wantedRunning) },
  { desiredStatus: "STOPPED", hasInterface: false, table: withoutInterface(wantedStopped) },
] as const;

/** Nothing is deprovisioned: what would be is over. */
function withoutInterface(table: string): string {
  return table
    .split("\n")
    .map((line) => line.replace(/(?<=\S.*)DEPROVISIONING/g, "STOPPED"))
    .join("\n");
}

const cases = rows.flatMap(({ desiredStatus, hasInterface, table }) =>
  table
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [lastStatus = "", ...targets] = line.split(/\s+/);
      return signals.map((signal, index) => ({
        name: `${lastStatus} wanted ${desiredStatus}${hasInterface ? " with an interface" : ""}: ${signal}`,
        standing: { lastStatus: lastStatus as Status, desiredStatus, hasInterface },
        signal,
        target: targets[index] === "-" ? undefined : targets[index],
      }));
    }),
);

describe("every status, every signal", () => {
  test("the table names them all", () => {
    expect(cases).toHaveLength(2 * 2 * Object.keys(moves).length * signals.length);
  });

  test.for(cases)("$name → $target", ({ standing, signal, target }) => {
    expect(nextStatus(standing, signal)).toBe(target);
  });

  test("the agent takes the steps between placement and the end of its containers", () => {
    expect([...agentSteps].sort()).toEqual(["ACTIVATING", "DEACTIVATING", "PENDING", "RUNNING"]);
  });
});
