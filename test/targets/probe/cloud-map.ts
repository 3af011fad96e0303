import { type Capability, see } from "./capability.ts";
import { type Caller, jsonCall } from "./signed-call.ts";

/** Where the probe makes a namespace of its own. */
export interface CloudMapWorld {
  readonly caller: Caller;
  readonly name: string;
}

const call = ({ caller }: CloudMapWorld, action: string, input: object) =>
  jsonCall(caller, "servicediscovery", `Route53AutoNaming_v20170314.${action}`, input);

/** What service discovery would want of Cloud Map. */
export const cloudMapCapabilities = [
  {
    name: "instances that are registered are discovered",
    try: async (world) => {
      await call(world, "CreateHttpNamespace", { Name: world.name, CreatorRequestId: world.name });
      const { Namespaces } = await call(world, "ListNamespaces", {});
      const found = (Namespaces as readonly { readonly Id: string; readonly Name: string }[]).find(
        ({ Name }) => Name === world.name,
      );
      const { Service } = await call(world, "CreateService", { Name: "web", NamespaceId: found?.Id });
      const ServiceId = (Service as { readonly Id: string }).Id;
      const Attributes = { AWS_INSTANCE_IPV4: "10.0.0.1", AWS_INSTANCE_PORT: "80" };
      await call(world, "RegisterInstance", { ServiceId, InstanceId: "one", CreatorRequestId: "one", Attributes });
      const { Instances } = await call(world, "DiscoverInstances", { NamespaceName: world.name, ServiceName: "web" });
      const count = (Instances as readonly unknown[]).length;
      see(count === 1, `${count} of 1 are discovered`);
    },
  },
] as const satisfies readonly Capability<CloudMapWorld>[];
