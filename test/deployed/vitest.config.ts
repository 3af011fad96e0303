import { defineConfig } from "vitest/config";

/** The product as it is deployed, on somebody else's AWS: `npm run test:aws -- --target ministack`. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["test/deployed/**/*.deployed.ts"],
    globalSetup: ["test/deployed/setup.ts"],
    testTimeout: 300_000,
    hookTimeout: 240_000,
    // They wait more than they work; what they deploy works.
    maxWorkers: 2,
    // A test begins where the one before it ended.
    bail: 1,
  },
});
