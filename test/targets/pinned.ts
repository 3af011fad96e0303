import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

/**
 * The version of other people's AWS that runs here, read where it is pinned.
 * @throws Error when its file pins none
 */
export function pinnedVersion(name: keyof typeof pins): string {
  const { path, pattern } = pins[name];
  const [, version] = pattern.exec(read(path)) ?? [];
  if (version === undefined) throw new Error(`${path} pins no version of ${name}`);
  return version;
}

const pins = {
  ministack: { path: "test/deployed/requirements.txt", pattern: /^ministack==([\w.]+)/m },
  docker: { path: "test/deployed/requirements.txt", pattern: /^docker==([\w.]+)/m },
  moto: { path: "test/targets/moto-requirements.txt", pattern: /^moto==([\w.]+)/m },
  "DynamoDB Local": {
    path: "test/targets/java/dynamodb-local.xml",
    pattern: /<artifactId>DynamoDBLocal<\/artifactId>\s*<version>([\w.]+)</,
  },
  ElasticMQ: {
    path: "test/targets/java/elasticmq.xml",
    pattern: /<artifactId>elasticmq-server_3<\/artifactId>\s*<version>([\w.]+)</,
  },
} as const;
