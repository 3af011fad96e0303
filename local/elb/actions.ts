import { validate } from "../../sim/elb/error.ts";
import type { ElbModel } from "../../sim/elb/model.ts";
import type { Listener } from "../../sim/elb/resources.ts";
import { attributesOf, delayFrom } from "./attributes.ts";
import {
  findGroup,
  forwardTarget,
  healthCheckFrom,
  namedTargets,
  oneOf,
  requireLoadBalancer,
  select,
} from "./inputs.ts";
import type { Query } from "./query.ts";
import { listenerShape, loadBalancerShape, targetGroupShape, targetHealthShape } from "./shapes.ts";
import type { XmlValue } from "./xml.ts";

/** Where listeners become real ports. */
export interface ListenerPorts {
  /** Binds the listener's port. @throws ElbError when the port cannot be had */
  openListener(listener: Listener): Promise<void>;
  /** Lets the port go; requests in flight go on. An unknown one is closed already. */
  closeListener(listenerArn: string): Promise<void>;
}

type Action = (query: Query, model: ElbModel, ports: ListenerPorts) => XmlValue | Promise<XmlValue>;

/** The actions of the ELBv2 API that the local cluster has, by name. */
export const actions: Readonly<Record<string, Action>> = {
  CreateLoadBalancer(query, model) {
    const scheme = oneOf(query, "Scheme", ["internet-facing", "internal"]) ?? "internet-facing";
    oneOf(query, "Type", ["application"]);
    const mapped = query.members("SubnetMappings").map((mapping) => mapping.required("SubnetId"));
    const loadBalancer = model.createLoadBalancer({
      name: query.required("Name"),
      scheme,
      subnets: [...query.texts("Subnets"), ...mapped],
      securityGroups: query.texts("SecurityGroups"),
    });
    return { LoadBalancers: [loadBalancerShape(loadBalancer)] };
  },

  DescribeLoadBalancers(query, model) {
    const found = select(
      query,
      "LoadBalancerArns",
      "Names",
      model.loadBalancers(),
      "LoadBalancerNotFound",
      "load balancer",
    );
    return { LoadBalancers: found.map(loadBalancerShape) };
  },

  async DeleteLoadBalancer(query, model, ports) {
    const listeners = model.deleteLoadBalancer(query.required("LoadBalancerArn"));
    await Promise.all(listeners.map(({ arn }) => ports.closeListener(arn)));
    return {};
  },

  CreateTargetGroup(query, model) {
    const port = query.integer("Port");
    validate(port !== undefined, "Port is required");
    validate(query.text("Protocol") !== undefined, "Protocol is required");
    oneOf(query, "Protocol", ["HTTP"]);
    oneOf(query, "ProtocolVersion", ["HTTP1"]);
    const targetType = oneOf(query, "TargetType", ["ip", "instance"]);
    const vpcId = query.text("VpcId");
    const group = model.createTargetGroup({
      name: query.required("Name"),
      port,
      healthCheck: healthCheckFrom(query),
      ...(targetType !== undefined && { targetType }),
      ...(vpcId !== undefined && { vpcId }),
    });
    return { TargetGroups: [targetGroupShape(group, model.listeners())] };
  },

  DescribeTargetGroups(query, model) {
    const named = select(
      query,
      "TargetGroupArns",
      "Names",
      model.targetGroups(),
      "TargetGroupNotFound",
      "target group",
    );
    const listeners = model.listeners();
    const loadBalancer = query.text("LoadBalancerArn");
    if (loadBalancer !== undefined) requireLoadBalancer(model, loadBalancer);
    const isUsed = (arn: string) =>
      listeners.some((listener) => listener.loadBalancer === loadBalancer && listener.targetGroup === arn);
    const groups = loadBalancer === undefined ? named : named.filter(({ arn }) => isUsed(arn));
    return { TargetGroups: groups.map((group) => targetGroupShape(group, listeners)) };
  },

  ModifyTargetGroup(query, model) {
    const group = model.modifyHealthCheck(query.required("TargetGroupArn"), healthCheckFrom(query));
    return { TargetGroups: [targetGroupShape(group, model.listeners())] };
  },

  DeleteTargetGroup(query, model) {
    model.deleteTargetGroup(query.required("TargetGroupArn"));
    return {};
  },

  DescribeTargetGroupAttributes(query, model) {
    return { Attributes: attributesOf(findGroup(query, model)) };
  },

  ModifyTargetGroupAttributes(query, model) {
    const { arn } = findGroup(query, model);
    const attributes = query.members("Attributes");
    validate(attributes.length > 0, "Attributes must name at least one attribute");
    const delaySeconds = delayFrom(
      attributes.map((each) => ({ key: each.required("Key"), value: each.text("Value") ?? "" })),
    );
    if (delaySeconds !== undefined) model.setDeregistrationDelay(arn, delaySeconds);
    return { Attributes: attributesOf(findGroup(query, model)) };
  },

  async CreateListener(query, model, ports) {
    const port = query.integer("Port");
    validate(port !== undefined, "Port is required");
    oneOf(query, "Protocol", ["HTTP"]);
    const targetGroup = forwardTarget(query);
    const before = model.listeners();
    const listener = model.createListener({ loadBalancer: query.required("LoadBalancerArn"), port, targetGroup });
    if (before.includes(listener)) return { Listeners: [listenerShape(listener)] };
    try {
      await ports.openListener(listener);
    } catch (error) {
      model.deleteListener(listener.arn);
      throw error;
    }
    return { Listeners: [listenerShape(listener)] };
  },

  DescribeListeners(query, model) {
    const arns = query.texts("ListenerArns");
    const loadBalancer = query.text("LoadBalancerArn");
    validate(arns.length > 0 || loadBalancer !== undefined, "either LoadBalancerArn or ListenerArns is required");
    if (loadBalancer !== undefined) requireLoadBalancer(model, loadBalancer);
    const found = select(query, "ListenerArns", undefined, model.listeners(), "ListenerNotFound", "listener");
    const wanted = found.filter((listener) => loadBalancer === undefined || listener.loadBalancer === loadBalancer);
    return { Listeners: wanted.map(listenerShape) };
  },

  async DeleteListener(query, model, ports) {
    const arn = query.required("ListenerArn");
    model.deleteListener(arn);
    await ports.closeListener(arn);
    return {};
  },

  RegisterTargets(query, model) {
    const targets = namedTargets(query);
    validate(targets.length > 0, "Targets must name at least one target");
    model.registerTargets(query.required("TargetGroupArn"), targets);
    return {};
  },

  DeregisterTargets(query, model) {
    const targets = namedTargets(query);
    validate(targets.length > 0, "Targets must name at least one target");
    model.deregisterTargets(query.required("TargetGroupArn"), targets);
    return {};
  },

  DescribeTargetHealth(query, model) {
    const group = findGroup(query, model);
    const targets = namedTargets(query);
    const health = model.targetHealth(group.arn, targets.length > 0 ? targets : undefined);
    return { TargetHealthDescriptions: health.map((target) => targetHealthShape(target, group)) };
  },
};
