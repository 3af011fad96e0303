import { defineConfig } from "vitest/config";

/** The suites that can be held against any AWS: `npm run test:aws -- --target …`. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["test/integration/**/*.test.ts", "test/contract/**/*.test.ts"],
    setupFiles: ["test/models/setup.ts"],
    testTimeout: 150_000,
    hookTimeout: 120_000,
  },
});
