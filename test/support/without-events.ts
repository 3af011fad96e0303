import { vi } from "vitest";
import type { WorldOptions } from "../../sim/world/options.ts";

// Whatever a test says of events, its world has none.
vi.mock("../../sim/world.ts", async (load) => {
  const usual = await load<typeof import("../../sim/world.ts")>();
  return { ...usual, createWorld: (options: WorldOptions = {}) => usual.createWorld({ ...options, events: false }) };
});
