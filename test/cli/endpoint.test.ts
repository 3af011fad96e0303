import { describe, expect, test } from "vitest";
import { resolveEndpoint } from "../../cli/endpoint.ts";

const local = { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };
const dev = "http://127.0.0.1:4566";

describe("the endpoint", () => {
  test.for([
    {
      name: "an empty environment means the local cluster",
      environment: {},
      url: dev,
      is: { ...local, AWS_ENDPOINT_URL: dev },
    },
    {
      name: "a variable that is set to nothing is not set",
      environment: { AWS_PROFILE: "", AWS_ENDPOINT_URL: "" },
      url: dev,
      is: local,
    },
    {
      name: "the environment's",
      environment: { AWS_ENDPOINT_URL: "http://localhost:1" },
      url: "http://localhost:1",
      is: { ...local, AWS_ENDPOINT_URL: "http://localhost:1" },
    },
    {
      name: "the one that is given wins, also over a service's own",
      given: "http://[::1]:2",
      environment: { AWS_ENDPOINT_URL: dev, AWS_ENDPOINT_URL_SQS: "http://localhost:1" },
      url: "http://[::1]:2",
      is: { ...local, AWS_ENDPOINT_URL: "http://[::1]:2", AWS_ENDPOINT_URL_SQS: undefined },
    },
    {
      name: "a local one takes the key that is set, and any secret",
      environment: { AWS_ENDPOINT_URL: dev, AWS_ACCESS_KEY_ID: "ci", AWS_DEFAULT_REGION: "eu-west-1" },
      url: dev,
      accessKey: "ci",
      is: { AWS_ACCESS_KEY_ID: "ci", AWS_SECRET_ACCESS_KEY: "local", AWS_REGION: undefined },
    },
    {
      name: "one elsewhere gets no credentials of ours",
      given: "https://aws.example",
      environment: { AWS_REGION: "eu-west-1" },
      url: "https://aws.example",
      accessKey: undefined,
      isLocal: false,
      is: { AWS_ACCESS_KEY_ID: undefined, AWS_ENDPOINT_URL: "https://aws.example" },
    },
    {
      name: "a region or a profile means AWS, where a key is nobody's id",
      environment: { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "AKIA" },
      url: "AWS in eu-west-1",
      accessKey: undefined,
      isLocal: false,
      is: { AWS_ENDPOINT_URL: undefined },
    },
    {
      name: "a profile may name the region itself",
      environment: { AWS_PROFILE: "ci" },
      url: "AWS",
      accessKey: undefined,
      isLocal: false,
      is: {},
    },
  ])("$name", (row) => {
    const endpoint = resolveEndpoint(row.given, row.environment);
    expect(endpoint).toMatchObject({ url: row.url, isLocal: row.isLocal ?? true });
    expect(endpoint.accessKey).toBe("accessKey" in row ? row.accessKey : "local");
    for (const [name, value] of Object.entries(row.is))
      expect([name, endpoint.environment[name]]).toEqual([name, value]);
  });

  test.for([
    {
      name: "no URL",
      given: "localhost:4566",
      says: 'must be a URL such as http://127.0.0.1:4566, got "localhost:4566"',
    },
    {
      name: "AWS without a region",
      environment: { AWS_ACCESS_KEY_ID: "AKIA" },
      says: "AWS_REGION must be the name of a region, got nothing",
    },
  ])("is refused: $name", ({ given, environment = {}, says }) => {
    expect(() => resolveEndpoint(given, environment)).toThrow(says);
  });
});
