import { afterEach, expect, test, vi } from "vitest";

afterEach(() => void vi.unstubAllEnvs());

const variables = {
  AWS_REGION: "us-east-1",
  LONGSHORE_INSTALL: "longshore",
  LONGSHORE_CLUSTER: "longshore",
  LONGSHORE_TABLE: "longshore",
  LONGSHORE_WORK_QUEUE_URL: "http://127.0.0.1/work",
  LONGSHORE_DISPATCH_QUEUE_URL: "http://127.0.0.1/dispatch",
  LONGSHORE_OBSERVATIONS_QUEUE_URL: "http://127.0.0.1/observations",
};

const entries = {
  accept: () => import("../../lambdas/accept.ts"),
  observe: () => import("../../lambdas/observe.ts"),
  reconcile: () => import("../../lambdas/reconcile.ts"),
  dispatch: () => import("../../lambdas/dispatch.ts"),
};

test.for(Object.entries(entries))("the function %s answers an empty batch", async ([, load]) => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const { handler } = await load();
  expect(await handler({ Records: [] })).toEqual({ batchItemFailures: [] });
});

test("the function sweep has a handler", async () => {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  expect((await import("../../lambdas/sweep.ts")).handler).toBeTypeOf("function");
});
