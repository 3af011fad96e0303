import { defineConfig } from "vitest/config";

/** The suites that can be held against any AWS: `npm run test:aws -- --target …`. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["test/integration/**/*.test.ts", "test/contract/**/*.test.ts"],
    setupFiles: ["test/models/setup.ts"],
    // Other people's AWS loses a moment now and then: what fails twice more is ours.
    retry: 2,
    testTimeout: 150_000,
    hookTimeout: 120_000,
  },
});
