import { describe, expect, test } from "vitest";
import { type ServiceKey, serviceKey, splitServiceKey, type Token } from "../../../core/model/ids.ts";
import {
  familyOf,
  groupOf,
  indexShards,
  keys,
  kindShardOf,
  serviceOfGroup,
  shardOf,
  shardsOf,
  splitStartedBy,
  startedByOf,
} from "../../../core/model/names.ts";

const key = serviceKey("shop", "web");

describe("groups", () => {
  test("a service's group names install, namespace and service", () => {
    expect(groupOf("local000", key)).toBe("longshore/local000/shop/web");
  });

  test.for([
    { name: "ours", group: "longshore/local000/shop/web", service: "shop/web" },
    { name: "of another install", group: "longshore/other000/shop/web", service: undefined },
    { name: "of another tool", group: "service/local000/shop/web", service: undefined },
    { name: "too short", group: "longshore/local000/shop", service: undefined },
    { name: "too long", group: "longshore/local000/shop/web/x", service: undefined },
    { name: "without a name", group: "longshore/local000/shop/", service: undefined },
    { name: "without a namespace", group: "longshore/local000//web", service: undefined },
    { name: "empty", group: "", service: undefined },
  ])("a group that is $name", ({ group, service }) => {
    expect(serviceOfGroup("local000", group)).toBe(service);
  });
});

describe("startedBy", () => {
  const token = "ABCDEFGHIJKLMNOP" as Token;

  test("a token of 16 and a set of 19 characters fit ECS's 36", () => {
    expect(startedByOf(token, "x".repeat(19))).toHaveLength(36);
  });

  test.for([
    { startedBy: "ABCDEFGHIJKLMNOP/0123456789", parts: { token, setId: "0123456789" } },
    { startedBy: "ABCDEFGHIJKLMNOP/a/b", parts: { token, setId: "a/b" } },
    { startedBy: "ecs-svc-123", parts: { token: "ecs-svc-123", setId: "" } },
    { startedBy: "/x", parts: { token: "", setId: "x" } },
    { startedBy: "", parts: { token: "", setId: "" } },
  ])("$startedBy is taken apart", ({ startedBy, parts }) => {
    expect(splitStartedBy(startedBy)).toEqual(parts);
  });
});

describe("shards", () => {
  test("are the FNV-1a hash of the key, modulo sixteen", () => {
    expect(shardOf("")).toBe(0x811c9dc5 % indexShards);
    expect(shardOf("a")).toBe(0xe40c292c % indexShards);
    expect(shardOf("foobar")).toBe(0xbf9cf968 % indexShards);
  });

  test("share many services evenly", () => {
    const counts = new Array<number>(indexShards).fill(0);
    for (let index = 0; index < 3200; index += 1) {
      const shard = shardOf(`shop/service-${index}`);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(140);
    expect(Math.max(...counts)).toBeLessThan(260);
  });

  test("a service's own is among all of them", () => {
    expect(shardsOf("Service")).toHaveLength(16);
    expect(shardsOf("Service")[15]).toBe("Service#15");
    expect(shardsOf("Service")).toContain(kindShardOf(key));
  });
});

describe("keys", () => {
  test("a key is taken apart where it was joined", () => {
    expect(splitServiceKey("shop/web" as ServiceKey)).toEqual({ namespace: "shop", name: "web" });
  });

  test("a family has no slash", () => {
    expect(familyOf("local000", key)).toBe("longshore_local000_shop_web");
  });

  test("calls order as their numbers do", () => {
    const sorts = [1, 2, 10, 999, 1_000_000_000].map((seq) => keys.call(key, seq).sort);
    expect(sorts.toSorted()).toEqual(sorts);
    expect(keys.call(key, 7)).toEqual({ partition: "service#shop/web", sort: "call#0000000007" });
  });

  test.for([
    { place: keys.install(), is: "install spec" },
    { place: keys.spec(key), is: "service#shop/web spec" },
    { place: keys.state(key), is: "service#shop/web state" },
    { place: keys.lease(key), is: "service#shop/web lease" },
    { place: keys.revision(key, "v1"), is: "service#shop/web revision#v1" },
    { place: keys.task(key, "t1"), is: "service#shop/web task#t1" },
    { place: keys.clusterState("main"), is: "cluster#main state" },
    { place: keys.clusterLease("main"), is: "cluster#main lease" },
    { place: keys.node("main", "n1"), is: "cluster#main node#n1" },
    { place: keys.notice("main", key), is: "cluster#main notice#shop/web" },
    { place: keys.usage("shop"), is: "namespace#shop usage" },
    { place: keys.command("h"), is: "command#h result" },
    { place: { partition: keys.events(key), sort: "" }, is: "events#shop/web " },
    { place: { partition: keys.service(key), sort: "" }, is: "service#shop/web " },
    { place: { partition: keys.cluster("main"), sort: "" }, is: "cluster#main " },
  ])("$is", ({ place, is }) => {
    expect(`${place.partition} ${place.sort}`).toBe(is);
  });
});
