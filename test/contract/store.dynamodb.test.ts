import { dynamoStore } from "../../aws/store.ts";
import { createInstall } from "../../local/install.ts";
import { virtualClock } from "../../sim/clock.ts";
import { ownName } from "../support/target.ts";
import { localAws } from "./local-aws.ts";
import { storeContract } from "./store.ts";

const start = localAws();

storeContract("the store on DynamoDB", async () => {
  const { clients } = await start();
  const { table } = await createInstall(clients, { name: ownName() });
  const clock = virtualClock();
  return { store: dynamoStore({ client: clients.dynamodb, table, clock }), clock };
});
