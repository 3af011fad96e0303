import type { ContainerOrder } from "../ecs/api.ts";
import type { VirtualBehaviour } from "../ecs/virtual-driver.ts";

/** What becomes of containers, by the tag of their image. */
const behaviours: Readonly<Record<string, VirtualBehaviour>> = {
  crashes: { startsAfterMs: 500, exitsAfterMs: 500 },
  unhealthy: { startsAfterMs: 500, unhealthyAfterMs: 3_000 },
  undecided: { startsAfterMs: 500 },
  missing: { failsWith: "CannotPullContainerError: pull image manifest: shop/web:missing: not found" },
  forbidden: {
    failsWith:
      "ResourceInitializationError: unable to pull secrets: AccessDeniedException: not authorized to perform: secretsmanager:GetSecretValue",
  },
};

/** Containers of a good image start after 2 s and are healthy a second later. */
export function byImage({ image }: Pick<ContainerOrder, "image">): VirtualBehaviour {
  const [, version = ""] = image.split(":");
  return behaviours[version] ?? { startsAfterMs: 2_000, healthyAfterMs: 1_000, stopsAfterMs: 300 };
}
