import { once } from "node:events";
import { Agent, request as openRequest, type RequestListener, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LoadBalancers, startLoadBalancers } from "../../../local/elb/load-balancer.ts";
import type { Address } from "../../../local/elb/upstream.ts";
import type { ElbModel } from "../../../sim/elb/model.ts";
import type { Listener } from "../../../sim/elb/resources.ts";
import { aGroup, aListener, aModel } from "../../sim/elb/support.ts";
import { aFreePort, aServer, bodyOf, open, send, type TestServer, until } from "./support.ts";

let model: ElbModel;
let group: string;
let port: number;
let listener: Listener;
let balancers: LoadBalancers;
let client: Agent;
let servers: TestServer[];
/** Hours pass at once: see `pass`. */
let skippedMs: number;
/** Where a target is reached when that is not its own port. */
let moved: Map<number, Address | undefined>;
/** What Node warned of, such as listeners that are left behind: nothing, after every test. */
const warnings: string[] = [];
process.on("warning", ({ message }) => void warnings.push(message));

beforeEach(async () => {
  skippedMs = 0;
  moved = new Map();
  servers = [];
  client = new Agent({ keepAlive: true });
  model = aModel({ nowMs }).model;
  start(20_000);
  group = aGroup(model);
  port = await aFreePort();
  const loadBalancer = model.createLoadBalancer({ name: "main" }).arn;
  listener = model.createListener({ loadBalancer, port, targetGroup: group });
  await balancers.openListener(listener);
});

function nowMs(): number {
  return Date.now() + skippedMs;
}

function start(idleTimeoutMs: number): void {
  // The shortest timeout of a health check is 2 s.
  const startChecks = () => model.startChecks().map((check) => ({ ...check, timeoutSeconds: 0.2 }));
  balancers = startLoadBalancers({
    model: { ...model, startChecks },
    nowMs,
    idleTimeoutMs,
    resolve: (target) => (moved.has(target.port) ? moved.get(target.port) : { host: "127.0.0.1", port: target.port }),
  });
}

afterEach(async () => {
  client.destroy();
  await balancers.close();
  await Promise.all(servers.map(({ kill }) => kill()));
  expect(warnings).toEqual([]);
});

const ok: RequestListener = (_, response) => void response.end("ok");

/** A target that answers health checks with 200, and every other request as it is told. */
async function aTarget(answer: RequestListener = ok, health: RequestListener = ok): Promise<TestServer> {
  const server = await aServer((request, response) => {
    const isCheck = request.headers["user-agent"] === "ELB-HealthChecker/2.0";
    (isCheck ? health : answer)(request, response);
  });
  servers.push(server);
  return server;
}

/** Starts targets and waits until they are healthy. */
async function healthy(...answers: readonly RequestListener[]): Promise<TestServer[]> {
  const targets = await Promise.all((answers.length > 0 ? answers : [ok]).map((answer) => aTarget(answer)));
  register(...targets);
  await until(() => states().every((state) => state === "healthy"), "all targets are healthy");
  return targets;
}

const named = (targets: readonly { port: number }[]) =>
  targets.map((target) => ({ id: "10.0.0.1", port: target.port }));
const register = (...targets: readonly { port: number }[]) => model.registerTargets(group, named(targets));
const deregister = (...targets: readonly { port: number }[]) => model.deregisterTargets(group, named(targets));
const health = () => model.targetHealth(group).map(({ state, reason }) => [state, reason].filter(Boolean).join(" "));
const states = () => model.targetHealth(group).map(({ state }) => state);
const get = (path = "/") => send({ port, path, agent: client });

/** Lets `ms` go by for the model, whose timers look again. */
function pass(ms: number): void {
  skippedMs += ms;
  model.setDeregistrationDelay(group, 60);
}

describe("a request", () => {
  test("reaches a target as it is, with where it came from", async () => {
    let seen: unknown;
    await healthy(async (request, response) => {
      const { method, url, headers } = request;
      seen = { method, url, headers, body: await bodyOf(request) };
      response.writeHead(201, "Made", {
        "Set-Cookie": ["a=1", "b=2"],
        "X-Target": "yes",
        Connection: "X-Private",
        "X-Private": "no",
      });
      response.end("made");
    });
    const headers = {
      Host: "shop.example",
      "X-Forwarded-For": "1.2.3.4",
      "X-Forwarded-Port": "1",
      "X-Forwarded-Proto": "https",
      "Content-Length": 4,
      Connection: "X-Hop",
      "X-Hop": "1",
    };
    const answer = await send({ port, path: "/a?b=c", method: "PUT", headers, body: ["body"] });
    expect(seen).toEqual({
      method: "PUT",
      url: "/a?b=c",
      body: "body",
      headers: {
        host: "shop.example",
        "content-length": "4",
        connection: "keep-alive",
        "x-forwarded-for": "1.2.3.4, 127.0.0.1",
        "x-forwarded-port": String(port),
        "x-forwarded-proto": "http",
      },
    });
    expect(answer).toMatchObject({
      status: 201,
      body: "made",
      headers: { "set-cookie": ["a=1", "b=2"], "x-target": "yes" },
    });
    expect(answer.headers).not.toHaveProperty("x-private");
  });

  test.for(["DELETE", "POST", "GET"])("%s keeps the frame of a chunked body", async (method) => {
    await healthy(async (request, response) => void response.end(`${request.method} ${await bodyOf(request)}`));
    const call = { port, method, headers: { "Transfer-Encoding": "chunked" }, body: ["one ", "two"], agent: client };
    expect([(await send(call)).body, (await send(call)).body]).toEqual([`${method} one two`, `${method} one two`]);
  });

  test.for(["HEAD", "POST", "OPTIONS"])("%s without a body", async (method) => {
    await healthy(
      (request, response) => void response.setHeader("Content-Length", 2).end(request.method === "HEAD" ? "" : "ok"),
    );
    expect(await send({ port, method, agent: client })).toMatchObject({
      status: 200,
      headers: { "content-length": "2" },
    });
  });

  test("is streamed both ways", async () => {
    await healthy((request, response) => {
      response.flushHeaders();
      request.on("data", (chunk) => void response.write(chunk)).on("end", () => void response.end());
    });
    const request = openRequest({ host: "127.0.0.1", port, method: "POST" });
    request.write("one");
    const [answer] = await once(request, "response");
    const heard = [String((await once(answer, "data"))[0])];
    request.write("two");
    heard.push(String((await once(answer, "data"))[0]));
    request.end();
    await once(answer.resume(), "end");
    expect(heard).toEqual(["one", "two"]);
  });

  test("a large body arrives whole, in both directions", async () => {
    await healthy((request, response) => void request.pipe(response));
    const body = Array.from({ length: 64 }, (_, index) => String(index % 10).repeat(65_536));
    expect((await send({ port, method: "POST", body, agent: client })).body).toBe(body.join(""));
  });

  test("shows the headers of its answer before there is a body", async () => {
    await healthy((_, response) => response.flushHeaders());
    const answer = await open({ port, agent: client });
    answer.destroy();
    expect(answer.statusCode).toBe(200);
  });

  test("is answered early by a target that reads no further, and its connection goes on", async () => {
    const [target] = await healthy((request, response) => {
      if (request.url !== "/early") return void response.end("ok");
      request.pause();
      response.writeHead(413, { "Content-Length": 9 }).write("too large");
    });
    const body = Array.from({ length: 256 }, () => "x".repeat(65_536));
    const one = new Agent({ keepAlive: true, maxSockets: 1 });
    const early = await send({ port, path: "/early", method: "POST", body, agent: one });
    const next = await send({ port, agent: one });
    one.destroy();
    expect([early.status, next.status]).toEqual([413, 200]);
    if (target) deregister(target);
    await until(() => states().length === 0, "nothing is in flight any more");
  });

  test("whose client leaves is given up", async () => {
    const sockets: Socket[] = [];
    await healthy(({ socket }) => void sockets.push(socket));
    const request = openRequest({ host: "127.0.0.1", port }).on("error", () => {});
    request.end();
    await until(() => sockets.length === 1, "the request is in flight");
    request.destroy();
    await until(() => sockets[0]?.destroyed === true, "its connection is closed");
  });
});

describe("balancing", () => {
  test("gives each target its turn, on connections that are kept", async () => {
    const counts = [0, 0, 0];
    const targets = await healthy(
      ...counts.map(
        (_, index): RequestListener =>
          (_request, response) => {
            counts[index] = (counts[index] ?? 0) + 1;
            response.end();
          },
      ),
    );
    let connections = 0;
    for (const { server } of targets) server.on("connection", () => void connections++);
    for (let made = 0; made < 30; made += 1) await get();
    expect([counts, connections]).toEqual([[10, 10, 10], 3]);
  });

  test("passes over a target that refuses, and does not ask it again", async () => {
    const [gone] = await healthy(ok, ok);
    await gone?.kill();
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await get()).status));
    expect([new Set(statuses), health()]).toEqual([new Set([200]), ["unhealthy Target.FailedHealthChecks", "healthy"]]);
  });

  test("passes over a target that nothing stands for", async () => {
    const [gone] = await healthy(ok, ok);
    if (gone) moved.set(gone.port, undefined);
    expect([(await get()).status, (await get()).status, health()]).toEqual([
      200,
      200,
      ["unhealthy Target.FailedHealthChecks", "healthy"],
    ]);
  });

  test("keeps the body for the target that takes it", async () => {
    const [gone] = await healthy(ok, async (request, response) => void response.end(await bodyOf(request)));
    await gone?.kill();
    expect(await send({ port, method: "POST", body: ["a", "b"] })).toMatchObject({ status: 200, body: "ab" });
  });

  test("is a 502 when every target refuses", async () => {
    const targets = await healthy(...Array.from({ length: 12 }, () => ok));
    for (const target of targets) await target.kill();
    expect(await get()).toMatchObject({ status: 502, body: "502: no target takes connections\n" });
  });

  test("is a 503 when no target is registered", async () => {
    const none = await get();
    const [target] = await healthy();
    if (target) deregister(target);
    expect([none.status, (await get()).status]).toEqual([503, 503]);
  });

  test("uses all targets when none is healthy", async () => {
    const sick: RequestListener = (_, response) => void response.writeHead(500).end();
    const target = await aTarget(ok, sick);
    register(target);
    await until(() => health()[0] === "initial Elb.InitialHealthChecking", "the first check has failed");
    pass(10_000);
    await until(() => health()[0] === "unhealthy Target.ResponseCodeMismatch", "the second check has failed");
    expect(await get()).toMatchObject({ status: 200, body: "ok" });
  });
});

describe("a target that breaks", () => {
  test("before it answers is a 502, asked once", async () => {
    let asked = 0;
    await healthy((request) => {
      asked += 1;
      request.socket.destroy();
    });
    expect([(await get()).status, asked]).toEqual([502, 1]);
  });

  test.for(["destroy", "resetAndDestroy"] as const)(
    "in the middle of its answer (%s) breaks off the client's",
    async (end) => {
      await healthy(({ socket }, response) => {
        response.writeHead(200, { "Content-Length": 100 }).write("some");
        setImmediate(() => socket[end]());
      });
      await expect(get()).rejects.toMatchObject({ code: "ECONNRESET" });
    },
  );

  test("in the middle of a body is a 502", async () => {
    await healthy((request) => void request.once("data", () => request.socket.resetAndDestroy()));
    const body = Array.from({ length: 16 }, () => "x".repeat(65_536));
    expect(await send({ port, method: "POST", body })).toMatchObject({ status: 502, headers: { connection: "close" } });
  });

  test("that talks something else is a 502", async () => {
    await healthy((request) => void request.socket.end("SSH-2.0-OpenSSH_9.0\r\n\r\n"));
    expect((await get()).status).toBe(502);
  });

  test("that is silent is a 504", async () => {
    await balancers.close();
    start(200);
    await balancers.openListener(listener);
    await healthy(() => {});
    expect(await get()).toMatchObject({ status: 504, body: "504: the target did not answer in time\n" });
  });

  test("while its connections are idle loses no request", async () => {
    const [target] = await healthy();
    const statuses = new Set<number>();
    for (let made = 0; made < 50; made += 1) {
      // The end of the kept-alive connection and the next request arrive together, in any order.
      target?.server.closeIdleConnections();
      statuses.add((await get()).status);
    }
    expect(statuses).toEqual(new Set([200]));
  });
});

describe("under load", () => {
  /** 20 clients that send requests with ids until told to stop; what they were answered, by id. */
  function load() {
    const answers = new Map<string, number>();
    let running = true;
    const work = async (worker: number) => {
      for (let made = 0; running; made += 1) {
        const id = `${worker}-${made}`;
        answers.set(id, 0);
        answers.set(id, (await get(`/${id}`)).status);
      }
    };
    const workers = Promise.all(Array.from({ length: 20 }, (_, worker) => work(worker)));
    return {
      answers,
      async stop() {
        running = false;
        await workers;
        return [...answers.values()].filter((status) => status !== 200).length;
      },
    };
  }

  /** Answers after 2 ms, and counts how often each request came and how many are in flight. */
  function counting() {
    const seen = new Map<string, number>();
    const inFlight = [new Set(), new Set(), new Set()];
    const target =
      (inFlight: Set<unknown>): RequestListener =>
      ({ url = "" }, response) => {
        seen.set(url, (seen.get(url) ?? 0) + 1);
        inFlight.add(response);
        response.once("close", () => void inFlight.delete(response));
        setTimeout(() => response.end("ok"), 2);
      };
    return { seen, inFlight, targets: inFlight.map(target) };
  }

  test("a killed target fails no more than what is in flight on it, and nothing is sent twice", async () => {
    const { seen, targets } = counting();
    const [killed] = await healthy(...targets);
    const { answers, stop } = load();
    await until(() => answers.size > 500, "500 requests");
    await killed?.kill();
    await until(() => answers.size > 1000, "1000 requests");
    const failures = await stop();
    expect(failures).toBeLessThanOrEqual(20);
    expect(Math.max(...seen.values())).toBe(1);
    expect(health()).toEqual(["unhealthy Target.FailedHealthChecks", "healthy", "healthy"]);
  });

  test("a target that is deregistered and stopped once it has drained fails nothing", async () => {
    const { inFlight, targets } = counting();
    const started = await healthy(...targets);
    const { answers, stop } = load();
    for (const [index, target] of started.slice(0, 2).entries()) {
      await until(() => answers.size > 300 * (index + 1) && inFlight[index]?.size !== 0, "requests in flight");
      deregister(target);
      const draining = states().length === 3 - index;
      await until(() => states().length === 2 - index, "it has drained");
      expect([draining, inFlight[index]?.size]).toEqual([true, 0]);
      await target.kill();
    }
    await until(() => answers.size > 1000, "1000 requests");
    expect([await stop(), states()]).toEqual([0, ["healthy"]]);
  });
});

describe("health checks", () => {
  test.for([
    {
      name: "a redirect is not followed",
      answer: ((_, response) => void response.writeHead(302, { Location: "/up" }).end()) as RequestListener,
      reason: "Target.ResponseCodeMismatch",
    },
    { name: "a timeout", answer: (() => {}) as RequestListener, reason: "Target.Timeout" },
    {
      name: "a connection that breaks",
      answer: (({ socket }) => void socket.destroy()) as RequestListener,
      reason: "Target.FailedHealthChecks",
    },
  ])("$name: $reason", async ({ answer, reason }) => {
    register(await aTarget(ok, answer));
    await until(() => health()[0] === "initial Elb.InitialHealthChecking", "the first check has failed");
    pass(10_000);
    await until(() => states()[0] === "unhealthy", "the second check has failed");
    expect(health()).toEqual([`unhealthy ${reason}`]);
  });

  test("ask for the path, on connections of their own", async () => {
    const asked: unknown[] = [];
    model.modifyHealthCheck(group, { path: "/up?deep=1" });
    register(
      await aTarget(ok, ({ method, url, headers }, response) => {
        asked.push([method, url, headers.connection]);
        response.end();
      }),
    );
    await until(() => states()[0] === "healthy", "the target is healthy");
    expect(asked).toEqual([["GET", "/up?deep=1", "close"]]);
  });

  test("bring a target back", async () => {
    let checks = 0;
    const target = await aTarget(ok, (_, response) => {
      checks += 1;
      response.end();
    });
    register(target);
    await until(() => states()[0] === "healthy", "the target is healthy");
    moved.set(target.port, undefined);
    await get();
    moved.clear();
    const passes: string[] = [];
    for (let made = 0; made < 3; made += 1) {
      passes.push(...states());
      const before = checks;
      pass(10_000);
      await until(() => checks > before, "it was checked");
    }
    await until(() => states()[0] === "healthy", "the target is healthy again");
    expect(passes).toEqual(["unhealthy", "unhealthy", "unhealthy"]);
  });
});

describe("ports", () => {
  test("that are taken are a clear error", async () => {
    const other = aGroup(model, "other");
    const arn = aListener(model, other, "other");
    await expect(balancers.openListener({ arn, loadBalancer: "", port, targetGroup: other })).rejects.toMatchObject({
      code: "DuplicateListener",
      message: `port ${port} of 127.0.0.1 is taken by another listener or program: choose another port`,
    });
  });

  test("are free once the listener is closed, and what is in flight is answered", async () => {
    const inFlight: ServerResponse[] = [];
    await healthy((_, response) => void inFlight.push(response));
    const late = get();
    await until(() => inFlight.length === 1, "the request is in flight");
    await balancers.closeListener(listener.arn);
    await balancers.openListener({ ...listener, arn: "again" });
    inFlight[0]?.end("late");
    expect(await late).toMatchObject({ status: 200, body: "late", headers: { connection: "close" } });
  });

  test("and connections are all gone after close", async () => {
    const [target] = await healthy();
    await Promise.all(Array.from({ length: 10 }, () => get()));
    await balancers.close();
    await until(async () => (await connectionsOf(target)) === 0, "no connection to the target");
    await expect(get()).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  test("idle connections to targets go after a second", async () => {
    const [target] = await healthy();
    await get();
    const kept = await connectionsOf(target);
    const startMs = Date.now();
    await until(async () => (await connectionsOf(target)) === 0, "no connection to the target");
    expect([kept, Date.now() - startMs < 2000]).toEqual([1, true]);
  });

  test("hundreds of requests on one connection leave no listeners behind", async () => {
    await healthy();
    const one = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let made = 0; made < 200; made += 1) await send({ port, agent: one });
    one.destroy();
    expect(warnings).toEqual([]);
  });
});

function connectionsOf(target: TestServer | undefined): Promise<number> {
  return new Promise((resolve) => target?.server.getConnections((_, count) => resolve(count)));
}
