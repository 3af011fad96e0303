import { expect, test } from "vitest";
import { leaseInterface } from "../../../sim/ecs/network.ts";
import { type Ecs, emptyState } from "../../../sim/ecs/state.ts";
import { createVirtualDriver } from "../../../sim/ecs/virtual-driver.ts";
import { refusal } from "./world.ts";

function anEcs(leased: number): Ecs {
  const nowMs = () => 0;
  const driver = createVirtualDriver({ nowMs, behave: () => ({}) });
  const subnets = { a: "z1", b: "z1", c: "z2" };
  const hex = (digits: number) => "1".repeat(digits);
  return {
    options: { region: "r", account: "1", nowMs, hex, driver, subnets },
    state: { ...emptyState(), leased },
    outbox: [],
  };
}

test.for([
  { name: "the first", leased: 0, zone: "z1", address: "10.0.0.4" },
  { name: "in the second zone, whatever its subnets", leased: 0, zone: "z2", address: "10.1.0.4" },
  { name: "past 251", leased: 252, zone: "z1", address: "10.0.1.0" },
  { name: "the last", leased: 64_999, zone: "z1", address: "10.0.253.235" },
  { name: "the first again", leased: 65_000, zone: "z1", address: "10.0.0.4" },
])("$name address: $address", ({ leased, zone, address }) => {
  const ecs = anEcs(leased);
  expect(leaseInterface(ecs, "task", "a", zone)).toMatchObject({ address, subnet: "a", status: "PRECREATED" });
  expect(ecs.state.addresses.get(address)).toBe("task");
});

test("an address that is in use is passed over", () => {
  const ecs = anEcs(0);
  ecs.state.addresses.set("10.0.0.4", "other");
  expect(leaseInterface(ecs, "task", "a", "z1").address).toBe("10.0.0.5");
});

test("the only address that is free is found", () => {
  const ecs = anEcs(0);
  for (let host = 4; host < 65_003; host += 1) ecs.state.addresses.set(`10.0.${host >> 8}.${host & 255}`, "other");
  expect(leaseInterface(ecs, "task", "a", "z1").address).toBe("10.0.253.235");
});

test("a zone without a free address refuses", () => {
  const ecs = anEcs(0);
  for (let host = 4; host < 65_004; host += 1) ecs.state.addresses.set(`10.0.${host >> 8}.${host & 255}`, "other");
  expect(refusal(() => leaseInterface(ecs, "task", "a", "z1"))).toBe(
    "ClientException: every private address of zone 0 is in use",
  );
});
