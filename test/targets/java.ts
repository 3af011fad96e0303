import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { jarsOf } from "./maven.ts";
import { pinnedVersion } from "./pinned.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import { anybody, type StartedTarget } from "./started-target.ts";

const file = (name: string) => fileURLToPath(new URL(`java/${name}`, import.meta.url));
const heap = "-Xmx256m";

/** DynamoDB Local for DynamoDB and ElasticMQ for SQS, both from Maven. @throws Error with what one wrote when it does not start */
export async function startJava(): Promise<StartedTarget> {
  const dynamodb = await startDynamoDbLocal();
  try {
    const sqs = await startElasticMq();
    return {
      title: `DynamoDB Local ${pinnedVersion("DynamoDB Local")} with ElasticMQ ${pinnedVersion("ElasticMQ")}`,
      variables: { ...anybody, AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url, AWS_ENDPOINT_URL_SQS: sqs.url },
      close: async () => void (await Promise.all([dynamodb.close(), sqs.close()])),
    };
  } catch (error) {
    await dynamodb.close();
    throw error;
  }
}

async function startDynamoDbLocal(): Promise<ServerProcess> {
  const jars = await jarsOf(file("dynamodb-local.xml"));
  const options = [heap, `-Djava.library.path=${jars}`, "-cp", join(jars, "*")];
  return startServer({
    name: "dynamodb-local",
    command: (port) => ["java", ...options, file("DynamoDbOnLoopback.java"), String(port)],
  });
}

async function startElasticMq(): Promise<ServerProcess> {
  const jars = await jarsOf(file("elasticmq.xml"));
  return startServer({
    name: "elasticmq",
    command: (port, home) => {
      const settings = join(home, "elasticmq.conf");
      writeFileSync(settings, elasticMqSettings(port));
      return ["java", heap, `-Dconfig.file=${settings}`, "-cp", join(jars, "*"), "org.elasticmq.server.Main"];
    },
  });
}

function elasticMqSettings(port: number): string {
  return `
include classpath("application.conf")
node-address { protocol = http, host = "127.0.0.1", port = ${port}, context-path = "" }
rest-sqs { enabled = true, bind-port = ${port}, bind-hostname = "127.0.0.1", sqs-limits = strict }
rest-stats { enabled = false }
`;
}
