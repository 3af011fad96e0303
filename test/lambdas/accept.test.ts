import type { SQSRecord } from "aws-lambda";
import { expect, test } from "vitest";
import { acceptHandler } from "../../lambdas/handlers.ts";
import { anApply, resultOf, specOf } from "../support/accepting.ts";
import { aGuardedStage } from "../support/access.ts";
import { aRecord } from "./records.ts";

const { body } = anApply("c1");

test.for([
  { name: "is allowed what is granted to it", senderId: "AROACI:build", sender: "AROACI", phase: "applied" },
  { name: "is refused what is not", senderId: "AROAOTHER:AROACI", sender: "AROAOTHER", phase: "refused" },
  { name: "that is nobody is refused, and no fault", senderId: undefined, sender: "", phase: "refused" },
])("a sender $name", async ({ senderId, sender, phase }) => {
  const stage = await aGuardedStage({
    administrators: ["AROAADMIN"],
    everywhere: [{ principal: "AROACI", role: "owner" }],
  });
  const record = aRecord("m1", body, { SenderId: senderId } as Partial<SQSRecord["attributes"]>);
  expect(await acceptHandler(stage.ports)({ Records: [record] })).toEqual({ batchItemFailures: [] });
  expect((await resultOf(stage, "c1", sender))?.phase).toBe(phase);
  expect((await specOf(stage)) !== undefined).toBe(phase === "applied");
});
