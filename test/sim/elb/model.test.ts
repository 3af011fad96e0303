import { describe, expect, test } from "vitest";
import type { CheckAnswer } from "../../../sim/elb/target-life.ts";
import { aGroup, aListener, aModel, aWorld, failed, mismatched, passed, timedOut } from "./support.ts";

const one = { id: "10.0.0.1", port: 80 };
const two = { id: "10.0.0.2", port: 80 };
const three = { id: "10.0.0.3", port: 80 };
type World = ReturnType<typeof aWorld>;

/** How a world comes to have one target in each state. A request is in flight on a draining one. */
const states = {
  absent: () => aWorld(),
  unused: () => {
    const world = aWorld({ inUse: false });
    world.model.registerTargets(world.group, [one]);
    return world;
  },
  registering: () => {
    const world = aWorld();
    world.model.registerTargets(world.group, [one]);
    return world;
  },
  checking: () => checked(failed),
  healthy: () => checked(passed),
  unhealthy: () => checked(failed, failed),
  draining: () => {
    const world = checked(passed);
    start(world);
    world.model.deregisterTargets(world.group, [one]);
    return world;
  },
} as const;

const events = {
  register: ({ model, group }: World) => model.registerTargets(group, [one]),
  deregister: ({ model, group }: World) => model.deregisterTargets(group, [one]),
  "deregister, busy": (world: World) => {
    start(world);
    world.model.deregisterTargets(world.group, [one]);
  },
  "check passed": (world: World) => check(world, passed),
  "check failed": (world: World) => check(world, failed),
  refused: ({ model, group }: World) => {
    const ticket = model.pick(group);
    if (ticket) model.requestRefused(ticket);
  },
  "a minute": ({ clock }: World) => {
    clock.nowMs += 60_000;
  },
  "out of use": (world: World) => world.unuse(),
  "into use": (world: World) => world.use(),
} as const;

function check({ model }: World, answer: CheckAnswer): void {
  for (const due of model.startChecks()) model.checkResult(due, answer);
}

function start({ model, group }: World) {
  const ticket = model.pick(group);
  if (ticket) model.requestStarted(ticket);
  return () => ticket && model.requestFinished(ticket);
}

function checked(...answers: readonly CheckAnswer[]): World {
  const world = states.registering();
  for (const answer of answers) {
    check(world, answer);
    world.clock.nowMs += 10_000;
  }
  return world;
}

const registering = "initial Elb.RegistrationInProgress";
const checking = "initial Elb.InitialHealthChecking";
const unused = "unused Target.NotInUse";
const unhealthy = "unhealthy Target.FailedHealthChecks";
const draining = "draining Target.DeregistrationInProgress";

describe("a target", () => {
  test.for([
    { state: "absent", event: "register", becomes: registering },
    { state: "absent", event: "deregister", becomes: "gone" },
    { state: "absent", event: "deregister, busy", becomes: "gone" },
    { state: "absent", event: "check passed", becomes: "gone" },
    { state: "absent", event: "check failed", becomes: "gone" },
    { state: "absent", event: "refused", becomes: "gone" },
    { state: "absent", event: "a minute", becomes: "gone" },
    { state: "absent", event: "out of use", becomes: "gone" },
    { state: "absent", event: "into use", becomes: "gone" },

    { state: "unused", event: "register", becomes: unused },
    { state: "unused", event: "deregister", becomes: "gone" },
    { state: "unused", event: "deregister, busy", becomes: "gone" },
    { state: "unused", event: "check passed", becomes: unused },
    { state: "unused", event: "check failed", becomes: unused },
    { state: "unused", event: "refused", becomes: unused },
    { state: "unused", event: "a minute", becomes: unused },
    { state: "unused", event: "out of use", becomes: unused },
    { state: "unused", event: "into use", becomes: registering },

    { state: "registering", event: "register", becomes: registering },
    { state: "registering", event: "deregister", becomes: "gone" },
    { state: "registering", event: "deregister, busy", becomes: draining },
    { state: "registering", event: "check passed", becomes: "healthy" },
    { state: "registering", event: "check failed", becomes: checking },
    { state: "registering", event: "refused", becomes: registering },
    { state: "registering", event: "a minute", becomes: registering },
    { state: "registering", event: "out of use", becomes: unused },
    { state: "registering", event: "into use", becomes: registering },

    { state: "checking", event: "register", becomes: checking },
    { state: "checking", event: "deregister", becomes: "gone" },
    { state: "checking", event: "deregister, busy", becomes: draining },
    { state: "checking", event: "check passed", becomes: "healthy" },
    { state: "checking", event: "check failed", becomes: unhealthy },
    { state: "checking", event: "refused", becomes: checking },
    { state: "checking", event: "a minute", becomes: checking },
    { state: "checking", event: "out of use", becomes: unused },
    { state: "checking", event: "into use", becomes: checking },

    { state: "healthy", event: "register", becomes: "healthy" },
    { state: "healthy", event: "deregister", becomes: "gone" },
    { state: "healthy", event: "deregister, busy", becomes: draining },
    { state: "healthy", event: "check passed", becomes: "healthy" },
    { state: "healthy", event: "check failed", becomes: "healthy" },
    { state: "healthy", event: "refused", becomes: unhealthy },
    { state: "healthy", event: "a minute", becomes: "healthy" },
    { state: "healthy", event: "out of use", becomes: unused },
    { state: "healthy", event: "into use", becomes: "healthy" },

    { state: "unhealthy", event: "register", becomes: unhealthy },
    { state: "unhealthy", event: "deregister", becomes: "gone" },
    { state: "unhealthy", event: "deregister, busy", becomes: draining },
    { state: "unhealthy", event: "check passed", becomes: unhealthy },
    { state: "unhealthy", event: "check failed", becomes: unhealthy },
    { state: "unhealthy", event: "refused", becomes: unhealthy },
    { state: "unhealthy", event: "a minute", becomes: unhealthy },
    { state: "unhealthy", event: "out of use", becomes: unused },
    { state: "unhealthy", event: "into use", becomes: unhealthy },

    { state: "draining", event: "register", becomes: registering },
    { state: "draining", event: "deregister", becomes: draining },
    { state: "draining", event: "deregister, busy", becomes: draining },
    { state: "draining", event: "check passed", becomes: draining },
    { state: "draining", event: "check failed", becomes: draining },
    { state: "draining", event: "refused", becomes: draining },
    { state: "draining", event: "a minute", becomes: "gone" },
    { state: "draining", event: "out of use", becomes: "gone" },
    { state: "draining", event: "into use", becomes: draining },
  ] as const)("$state, $event: $becomes", ({ state, event, becomes }) => {
    const world = states[state]();
    events[event](world);
    expect(world.shown()).toEqual(becomes === "gone" ? [] : [`10.0.0.1:80 ${becomes}`]);
  });

  test("the matrix is full", () => {
    expect(Object.keys(states)).toHaveLength(7);
    expect(Object.keys(events)).toHaveLength(9);
  });
});

describe("health checks", () => {
  test.for([
    { name: "the first is made at once", answers: [passed], passMs: 0, becomes: "healthy" },
    { name: "a second failure makes it unhealthy", answers: [failed, failed], passMs: 10_000, becomes: unhealthy },
    {
      name: "a wrong status",
      answers: [mismatched, mismatched],
      passMs: 10_000,
      becomes: "unhealthy Target.ResponseCodeMismatch",
    },
    { name: "a timeout counts when its time is over", answers: [failed, timedOut], passMs: 13_999, becomes: checking },
    { name: "and then says so", answers: [failed, timedOut], passMs: 14_000, becomes: "unhealthy Target.Timeout" },
    {
      name: "a pass forgets the failures before",
      answers: [passed, failed, passed, failed],
      passMs: 30_000,
      becomes: "healthy",
    },
    {
      name: "two passes do not bring it back",
      answers: [failed, failed, passed, passed],
      passMs: 30_000,
      becomes: unhealthy,
    },
    {
      name: "three in a row do",
      answers: [failed, failed, passed, passed, passed],
      passMs: 40_000,
      becomes: "healthy",
    },
    {
      name: "a failure starts the count again",
      answers: [failed, failed, passed, passed, failed, passed, passed],
      passMs: 60_000,
      becomes: unhealthy,
    },
    {
      name: "the last failure gives the reason",
      answers: [failed, failed, mismatched],
      passMs: 20_000,
      becomes: "unhealthy Target.ResponseCodeMismatch",
    },
  ])("$name", ({ answers, passMs, becomes }) => {
    const world = aWorld();
    world.model.registerTargets(world.group, [one]);
    let made = 0;
    const next = () => {
      world.answers.set(one.id, answers[made] ?? passed);
      made += 1;
    };
    next();
    world.pass(0);
    for (let at = 0; at < passMs; at += 10_000) {
      next();
      world.pass(Math.min(10_000, passMs - at));
    }
    expect(world.shown()).toEqual([`10.0.0.1:80 ${becomes}`]);
  });

  test("the answer to a check from before a deregistration is ignored", () => {
    const world = states.registering();
    const [old] = world.model.startChecks();
    world.model.deregisterTargets(world.group, [one]);
    world.model.registerTargets(world.group, [one]);
    if (old) world.model.checkResult(old, passed);
    expect(world.shown()).toEqual([`10.0.0.1:80 ${registering}`]);
  });

  test("go to the port of the health check, when it has one", () => {
    const world = states.registering();
    world.model.modifyHealthCheck(world.group, { port: 9000, path: "/up" });
    expect(world.model.startChecks()).toMatchObject([{ target: one, port: 9000, path: "/up", timeoutSeconds: 4 }]);
  });

  test("are due an interval after the last, and never in a group that is not in use", () => {
    const world = checked(passed);
    expect(world.model.nextDueMs()).toBe(10_000);
    world.unuse();
    expect(world.model.nextDueMs()).toBeUndefined();
  });
});

describe("draining", () => {
  test("ends with the last request", () => {
    const world = checked(passed);
    const finish = [start(world), start(world)];
    world.model.deregisterTargets(world.group, [one]);
    finish[0]?.();
    const between = world.shown();
    finish[1]?.();
    expect([between, world.shown()]).toEqual([[`10.0.0.1:80 ${draining}`], []]);
  });

  test("shows the whole delay, as ELB does, when the model is made so", () => {
    const world = aWorld({ drainsWholeDelay: true });
    world.model.registerTargets(world.group, [one]);
    world.model.deregisterTargets(world.group, [one]);
    world.pass(59_999);
    const before = world.shown();
    world.pass(1);
    expect([before, world.shown()]).toEqual([[`10.0.0.1:80 ${draining}`], []]);
  });

  test("is not made longer by deregistering again", () => {
    const world = states.draining();
    world.clock.nowMs += 30_000;
    world.model.deregisterTargets(world.group, [one]);
    world.clock.nowMs += 30_000;
    expect(world.shown()).toEqual([]);
  });

  test("a request that outlives its registration does not count for the next one", () => {
    const world = checked(passed);
    const finish = start(world);
    world.model.deregisterTargets(world.group, [one]);
    world.clock.nowMs += 60_000;
    world.model.targetHealth(world.group);
    world.model.registerTargets(world.group, [one]);
    start(world);
    world.model.deregisterTargets(world.group, [one]);
    finish();
    expect(world.shown()).toEqual([`10.0.0.1:80 ${draining}`]);
  });
});

describe("the requests of a target", () => {
  const target = { id: "10.0.0.1", port: 80 };
  const counted = (begun: number, done: number) => {
    const { model, group } = aWorld();
    model.registerTargets(group, [target]);
    const ends = Array.from({ length: begun }, () => start({ model, group } as World));
    for (const end of ends.slice(0, done)) end();
    return { model, group, ends: ends.slice(done) };
  };

  test("are counted as they begin and end", () => {
    const { model, group } = counted(3, 1);
    expect(model.requestCounts(group, target)).toEqual({ started: 3, ended: 1 });
  });

  test("are known when it has drained and is gone", () => {
    const { model, group, ends } = counted(3, 1);
    model.deregisterTargets(group, [target]);
    for (const end of ends) end();
    expect(model.targetHealth(group)).toEqual([]);
    expect(model.requestCounts(group, target)).toEqual({ started: 3, ended: 3 });
  });

  test("begin anew when it is registered again", () => {
    const { model, group } = counted(2, 2);
    model.deregisterTargets(group, [target]);
    model.registerTargets(group, [target]);
    expect(model.requestCounts(group, target)).toEqual({ started: 0, ended: 0 });
  });

  test("are forgotten once a hundred others are gone", () => {
    const { model, group } = counted(1, 1);
    model.deregisterTargets(group, [target]);
    const others = Array.from({ length: 100 }, (_, index) => ({ id: `10.0.1.${index}`, port: 80 }));
    const go = (some: readonly (typeof target)[]) => {
      model.registerTargets(group, some);
      model.deregisterTargets(group, some);
    };
    go(others.slice(1));
    expect(model.requestCounts(group, target).started).toBe(1);
    go(others.slice(0, 1));
    expect(model.requestCounts(group, target).started).toBe(0);
  });

  test("are none for one that never was there", () => {
    const { model, group } = counted(1, 1);
    expect(model.requestCounts(group, { id: "10.9.9.9", port: 80 })).toEqual({ started: 0, ended: 0 });
  });
});

describe("whose turn it is", () => {
  const picks = ({ model, group }: World, count: number) =>
    Array.from({ length: count }, () => model.pick(group)?.id.at(-1) ?? "-").join("");

  /** The world's targets 1, 2 and 3: `+` healthy, `-` unhealthy, `d` draining with a request in flight. */
  const drawn = (health: string) => {
    const world = aWorld();
    const targets = [one, two, three].slice(0, health.length);
    world.model.registerTargets(world.group, targets);
    for (const [index, sign] of [...health].entries())
      world.answers.set(`10.0.0.${index + 1}`, sign === "-" ? failed : passed);
    world.pass(10_000);
    for (const [index, target] of targets.entries()) {
      if (health[index] !== "d") continue;
      const ticket = world.model.pick(
        world.group,
        targets.filter((other) => other !== target),
      );
      if (ticket) world.model.requestStarted(ticket);
      world.model.deregisterTargets(world.group, [target]);
    }
    return world;
  };

  test.for([
    { name: "each in turn", health: "+++", picked: "123123" },
    { name: "never an unhealthy one while another is healthy", health: "+-+", picked: "131313" },
    { name: "all when none is healthy", health: "---", picked: "123123" },
    { name: "never a draining one", health: "d-", picked: "222222" },
    { name: "nobody when none is registered", health: "", picked: "------" },
    { name: "nobody when all are draining", health: "d", picked: "------" },
  ])("$name", ({ health, picked }) => {
    expect(picks(drawn(health), 6)).toBe(picked);
  });

  test("goes on where it was when a target leaves", () => {
    const world = drawn("+++");
    picks(world, 1);
    world.model.deregisterTargets(world.group, [three]);
    expect(picks(world, 4)).toBe("2121");
  });

  test("passes over those that were tried", () => {
    const { model, group } = drawn("+++");
    expect(model.pick(group, [one, three])?.id).toBe(two.id);
    expect(model.pick(group, [one, two, three])).toBeUndefined();
  });

  test("falls to the unhealthy once the last healthy one has refused", () => {
    const { model, group } = drawn("+-");
    const ticket = model.pick(group);
    if (ticket) model.requestRefused(ticket);
    expect(model.pick(group, [one])?.id).toBe(two.id);
  });
});

describe("resources", () => {
  const settings = { name: "web", targetType: "ip", port: 80 } as const;

  test("ARNs have the documented form", () => {
    const { model } = aModel();
    const group = aGroup(model);
    const listener = aListener(model, group);
    expect(group).toBe("arn:aws:elasticloadbalancing:eu-west-1:000000000000:targetgroup/web/0000000000000001");
    expect(model.loadBalancers()[0]?.arn).toBe(
      "arn:aws:elasticloadbalancing:eu-west-1:000000000000:loadbalancer/app/main/0000000000000002",
    );
    expect(listener).toBe(
      "arn:aws:elasticloadbalancing:eu-west-1:000000000000:listener/app/main/0000000000000002/0000000000000003",
    );
  });

  test("have the defaults of ELBv2", () => {
    const { model } = aModel();
    expect(model.createTargetGroup({ name: "web", port: 80 })).toMatchObject({
      targetType: "instance",
      deregistrationDelaySeconds: 300,
      healthCheck: {
        intervalSeconds: 30,
        timeoutSeconds: 5,
        healthyThreshold: 5,
        unhealthyThreshold: 2,
        path: "/",
        matcher: "200",
      },
    });
  });

  test("created again with the same settings are the same", () => {
    const { model } = aModel();
    expect(model.createTargetGroup(settings)).toBe(model.createTargetGroup(settings));
    expect(model.createLoadBalancer({ name: "a" })).toBe(model.createLoadBalancer({ name: "a" }));
    const listener = {
      loadBalancer: model.createLoadBalancer({ name: "a" }).arn,
      port: 80,
      targetGroup: model.createTargetGroup(settings).arn,
    };
    expect(model.createListener(listener)).toBe(model.createListener(listener));
  });

  test("a deleted load balancer takes its listeners along, and its group is free", () => {
    const { model } = aModel();
    const group = aGroup(model);
    aListener(model, group);
    model.deleteLoadBalancer(model.loadBalancers()[0]?.arn ?? "");
    model.deleteTargetGroup(group);
    expect([model.loadBalancers(), model.listeners(), model.targetGroups()]).toEqual([[], [], []]);
  });

  test("named targets are answered, registered or not", () => {
    const { model, group } = states.healthy();
    expect(model.targetHealth(group, [{ id: two.id }, { id: one.id }])).toMatchObject([
      { ...two, state: "unused", reason: "Target.NotRegistered" },
      { ...one, state: "healthy" },
    ]);
  });

  test("a target that does not fit keeps the others out as well", () => {
    const { model, group } = aWorld();
    expect(() => model.registerTargets(group, [one, { id: "i-1" }])).toThrow(/must be an IPv4 address, got "i-1"/);
    expect(model.targetHealth(group)).toEqual([]);
  });

  const web = (healthCheck: object) => () => aModel().model.createTargetGroup({ ...settings, healthCheck });
  const twice = (change: object) => () => {
    const { model } = aModel();
    model.createTargetGroup(settings);
    model.createTargetGroup({ ...settings, ...change });
  };
  test.for([
    {
      name: "an interval below 5",
      act: web({ intervalSeconds: 4 }),
      code: "ValidationError",
      message: "health check interval must be 5 to 300, got 4",
    },
    { name: "an interval above 300", act: web({ intervalSeconds: 301 }), code: "ValidationError", message: "got 301" },
    {
      name: "a timeout below 2",
      act: web({ timeoutSeconds: 1 }),
      code: "ValidationError",
      message: "health check timeout must be 2 to 120, got 1",
    },
    {
      name: "a timeout above 120",
      act: web({ timeoutSeconds: 121, intervalSeconds: 300 }),
      code: "ValidationError",
      message: "got 121",
    },
    {
      name: "a timeout as long as the interval",
      act: web({ intervalSeconds: 5 }),
      code: "ValidationError",
      message: "must be greater than the timeout, got 5 and 5",
    },
    {
      name: "a healthy threshold of 1",
      act: web({ healthyThreshold: 1 }),
      code: "ValidationError",
      message: "healthy threshold count must be 2 to 10, got 1",
    },
    {
      name: "an unhealthy threshold of 11",
      act: web({ unhealthyThreshold: 11 }),
      code: "ValidationError",
      message: "unhealthy threshold count must be 2 to 10, got 11",
    },
    { name: "half a second", act: web({ intervalSeconds: 10.5 }), code: "ValidationError", message: "got 10.5" },
    { name: "a path without a slash", act: web({ path: "health" }), code: "ValidationError", message: 'got "health"' },
    { name: "a health check port of 0", act: web({ port: 0 }), code: "ValidationError", message: "health check port" },
    { name: "a matcher of words", act: web({ matcher: "ok" }), code: "ValidationError", message: 'got "ok"' },
    { name: "a matcher of 500", act: web({ matcher: "200,500" }), code: "ValidationError", message: 'got "200,500"' },
    {
      name: "a matcher that counts down",
      act: web({ matcher: "299-200" }),
      code: "ValidationError",
      message: 'got "299-200"',
    },
    {
      name: "the same name with another port",
      act: twice({ port: 81 }),
      code: "DuplicateTargetGroupName",
      message: "web",
    },
    {
      name: "the same name with another check",
      act: twice({ healthCheck: { path: "/up" } }),
      code: "DuplicateTargetGroupName",
      message: "web",
    },
    {
      name: "a group that is in use",
      act: () => {
        const { model } = aModel();
        const group = aGroup(model);
        aListener(model, group);
        model.deleteTargetGroup(group);
      },
      code: "ResourceInUse",
      message: "is in use by listener",
    },
    {
      name: "a group of another load balancer",
      act: () => {
        const { model } = aModel();
        const group = aGroup(model);
        aListener(model, group, "one");
        aListener(model, group, "two");
      },
      code: "TargetGroupAssociationLimit",
      message: "is used by another load balancer",
    },
    {
      name: "a second listener on a port",
      act: () => {
        const { model } = aModel();
        aListener(model, aGroup(model, "one"));
        aListener(model, aGroup(model, "two"));
      },
      code: "DuplicateListener",
      message: 'load balancer "main" has a listener on port 8080',
    },
    {
      name: "a group that is not there",
      act: () => aModel().model.registerTargets("arn:none", [one]),
      code: "TargetGroupNotFound",
      message: "arn:none",
    },
    {
      name: "more than 1000 targets",
      act: () => {
        const { model, group } = aWorld();
        model.registerTargets(
          group,
          Array.from({ length: 1001 }, (_, index) => ({ id: one.id, port: index + 1 })),
        );
      },
      code: "TooManyTargets",
      message: "takes 1000 targets, got 1001",
    },
    {
      name: "a delay of more than an hour",
      act: () => {
        const { model, group } = aWorld();
        model.setDeregistrationDelay(group, 3601);
      },
      code: "ValidationError",
      message: "deregistration_delay.timeout_seconds must be 0 to 3600, got 3601",
    },
    {
      name: "a name with an underscore",
      act: () => aModel().model.createLoadBalancer({ name: "a_b" }),
      code: "ValidationError",
      message: 'got "a_b"',
    },
  ])("refuse $name", ({ act, code, message }) => {
    expect(act).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });
});
