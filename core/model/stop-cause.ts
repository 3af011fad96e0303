/** ECS ended these for what a container did, or could not do; what that was the container may tell better. */
const ofContainers: readonly (string | undefined)[] = ["TaskFailedToStart", "EssentialContainerExited"];

/**
 * Why a task stopped, with what its containers say of it: on EC2 the task's own reason is often no more than
 * `Task failed to start`.
 * @param reasons Of our containers, in their order; the first that says anything is taken.
 */
export function stopCause(
  { stopCode, stoppedReason }: { readonly stopCode?: string | undefined; readonly stoppedReason?: string | undefined },
  reasons: readonly (string | undefined)[],
): string | undefined {
  const reason = reasons.find((each) => each !== undefined && each !== "");
  if (reason === undefined || !ofContainers.includes(stopCode) || stoppedReason?.includes(reason)) return stoppedReason;
  return stoppedReason === undefined ? reason : `${stoppedReason}: ${reason}`;
}
