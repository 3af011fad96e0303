import { expect, test } from "vitest";
import { issuesWith } from "../../support/issues.ts";

const first = "spec.task.containers[0].ports";
const second = "spec.task.containers[1]";
const other = (ports: readonly object[]) => ({ name: "b", image: "i", cpuUnits: 1, memoryMib: 6, ports });
const port = (containerPort: number, hostPort?: number, protocol = "tcp") => ({
  name: `p${containerPort}-${hostPort ?? 0}-${protocol}`,
  containerPort,
  protocol,
  ...(hostPort !== undefined && { hostPort }),
});

interface Row {
  readonly name: string;
  readonly mode?: "awsvpc" | "bridge" | "host";
  readonly ports: readonly object[];
  readonly others?: readonly object[];
  readonly issues: readonly string[];
}

const notEqual = (at: string, containerPort: number, hostPort: number) =>
  `${at}.hostPort: hostPort must be containerPort (${containerPort}) unless network.mode is bridge, got ${hostPort}`;
const again = (at: string, number: string) => `${at}: a port must stand once in its task, but ${number} is there again`;
const kept = (at: string, number: number) => `${at}: port ${number} is the node's own; choose another`;

test.for<Row>([
  ...([undefined, "awsvpc", "host"] as const).flatMap((mode): readonly Row[] => [
    { name: `equal ports, mode ${mode}`, ...(mode && { mode }), ports: [port(80, 80)], issues: [] },
    {
      name: `another port, mode ${mode}`,
      ...(mode && { mode }),
      ports: [port(80, 81)],
      issues: [notEqual(`${first}[0]`, 80, 81)],
    },
  ]),
  { name: "another port on a bridge", mode: "bridge", ports: [port(80, 8080)], issues: [] },
  { name: "any port on a bridge", mode: "bridge", ports: [port(80)], others: [port(80)], issues: [] },
  { name: "any port where the install decides", ports: [port(80)], others: [port(80)], issues: [] },
  ...(["awsvpc", "host"] as const).map(
    (mode): Row => ({
      name: `one port for two containers, mode ${mode}`,
      mode,
      ports: [port(80)],
      others: [port(80)],
      issues: [again(`${second}.ports[0].containerPort`, "80/tcp")],
    }),
  ),
  {
    name: "one port of the node for two containers",
    mode: "bridge",
    ports: [port(80, 8080)],
    others: [port(81), port(82, 8080)],
    issues: [again(`${second}.ports[1].hostPort`, "8080/tcp")],
  },
  {
    name: "a port beside one that has to change",
    mode: "host",
    ports: [port(80, 81)],
    others: [port(81)],
    issues: [notEqual(`${first}[0]`, 80, 81)],
  },
  {
    name: "one port of the node for two ports of a container",
    mode: "bridge",
    ports: [port(80, 8080), port(81, 8080)],
    issues: [again(`${first}[1].hostPort`, "8080/tcp")],
  },
  {
    name: "one port of the node for two protocols",
    mode: "bridge",
    ports: [port(80, 53), port(81, 53, "udp")],
    issues: [],
  },
  {
    name: "a node's port that is asked for where the install decides",
    ports: [port(22, 22)],
    issues: [kept(`${first}[0].hostPort`, 22)],
  },
  ...[22, 2375, 2376, 51_678, 51_679, 51_680].flatMap((number): readonly Row[] => [
    {
      name: `port ${number} on a bridge`,
      mode: "bridge",
      ports: [port(80, number)],
      issues: [kept(`${first}[0].hostPort`, number)],
    },
    {
      name: `port ${number} of the host`,
      mode: "host",
      ports: [port(number)],
      issues: [kept(`${first}[0].containerPort`, number)],
    },
    { name: `port ${number} of an interface of its own`, mode: "awsvpc", ports: [port(number)], issues: [] },
    { name: `port ${number} within a bridge`, mode: "bridge", ports: [port(number)], issues: [] },
  ]),
  { name: "a port beside the node's own", mode: "host", ports: [port(23), port(51_677), port(51_681)], issues: [] },
])("$name", ({ mode, ports, others, issues }) => {
  const network = mode === "awsvpc" ? { mode, subnets: ["subnet-1"] } : { mode };
  expect(
    issuesWith({
      ...(mode && { "spec.task.network": network }),
      [first]: ports,
      ...(others && { [second]: other(others) }),
    }),
  ).toEqual(issues);
});

test.for([
  { name: "a port that could not be read", ports: [{ name: "a", containerPort: 0 }, port(80, 80)] },
  { name: "a protocol that could not be read", ports: [{ name: "a", containerPort: 80, protocol: "x" }, port(80, 80)] },
  { name: "a port that is no map", ports: ["http", port(80, 80)] },
  {
    name: "a port that could not be read, and its host port",
    ports: [
      { name: "a", containerPort: 0, hostPort: 80 },
      { name: "b", containerPort: 80, hostPort: 80 },
    ],
  },
  { name: "a host port that could not be read", ports: [{ name: "a", containerPort: 80, hostPort: 0 }] },
])("$name is passed over", ({ ports }) => {
  expect(issuesWith({ [first]: ports })).toHaveLength(1);
});
