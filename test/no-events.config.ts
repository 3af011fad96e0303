import { mergeConfig } from "vitest/config";
import usual from "../vitest.config.ts";

/** The simulated worlds with every event of ECS dropped: the sweep alone finds what changed. */
export default mergeConfig(usual, {
  test: { setupFiles: ["test/support/without-events.ts"], env: { LONGSHORE_NO_EVENTS: "1" } },
});
