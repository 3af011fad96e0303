import type { World } from "../world.ts";

/** Lets so much time pass, and no more: a world that is busy without end stands still there too, for whoever looks at it. */
export async function letPass(world: World, ms: number): Promise<void> {
  const endMs = world.clock.nowMs() + ms;
  await world.run({ mostMs: ms, until: () => world.clock.nowMs() >= endMs });
}
