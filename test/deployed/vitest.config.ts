import { defineConfig } from "vitest/config";

/** The product as it is deployed, on somebody else's AWS: `npm run test:aws -- --target ministack`. */
export default defineConfig({
  test: {
    include: ["test/deployed/**/*.deployed.ts"],
    root: new URL("../..", import.meta.url).pathname,
    testTimeout: 120_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});
