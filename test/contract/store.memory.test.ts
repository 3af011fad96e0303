import { virtualClock } from "../../sim/clock.ts";
import { memoryStore } from "../../sim/store.ts";
import { storeContract } from "./store.ts";

storeContract("the store in memory", async () => {
  const clock = virtualClock();
  return { store: memoryStore(clock), clock };
});
