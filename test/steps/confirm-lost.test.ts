import { describe, expect, test } from "vitest";
import type { NodeVerdicts } from "../../core/dispatch/nodes.ts";
import { Fault } from "../../core/model/fault.ts";
import type { NodeId } from "../../core/model/ids.ts";
import type { NodeSighting } from "../../core/model/sightings.ts";
import type { Tasks } from "../../core/ports/tasks.ts";
import { confirmLost } from "../../steps/confirm-lost.ts";
import { seenNode } from "../support/sightings.ts";
import { aStage, type Stage } from "../support/stage.ts";

/** Verdicts drawn as `"n1 lost n2 gone"`. */
function drawVerdicts(text: string, returned: readonly string[] = []): NodeVerdicts {
  const words = text === "" ? [] : text.split(" ");
  const lost = words.flatMap((word, index) =>
    index % 2 === 1
      ? [{ nodeId: words[index - 1] as NodeId, why: word === "lost" ? "node lost" : "node gone" } as const]
      : [],
  );
  return { lost, returned: returned as NodeId[] };
}

function render({ lost }: NodeVerdicts): string {
  return lost.map(({ nodeId, why }) => `${nodeId} ${why.slice("node ".length)}`).join(" ");
}

/** Nodes as a describe shows them, drawn as `"n1 n2!"`: `!` its agent is away. */
function drawShown(text: string): readonly NodeSighting[] {
  return (text === "" ? [] : text.split(" ")).map((word) =>
    seenNode({ nodeId: word.replace("!", "") as NodeId, agentConnected: !word.endsWith("!") }),
  );
}

/** What is confirmed of verdicts by a describe that shows some nodes, or fails. */
function confirm(stage: Stage, verdicts: NodeVerdicts, shown: string | Error): Promise<NodeVerdicts> {
  const describeNodes: Tasks["describeNodes"] = async (_, nodeIds) => {
    if (typeof shown !== "string") throw shown;
    return drawShown(shown).filter(({ nodeId }) => nodeIds.includes(nodeId));
  };
  return confirmLost({ ...stage.ports, tasks: { ...stage.tasks, describeNodes } }, "main", verdicts);
}

/** Nodes that observe is told of. */
function reported({ queues }: Stage): readonly string[] {
  return queues
    .receive("observations", 10)
    .flatMap(({ body }) => JSON.parse(body).observations as readonly { sighting: NodeSighting }[])
    .map(({ sighting }) => `${sighting.nodeId}${sighting.agentConnected ? "" : "!"}`);
}

describe("a node that is to be given up", () => {
  test.for([
    { name: "is not when it is back, which observe is told", verdicts: "n1 lost", shown: "n1", is: "", told: ["n1"] },
    { name: "is when it is still out of reach", verdicts: "n1 lost", shown: "n1!", is: "n1 lost", told: [] },
    { name: "is when a describe does not show it", verdicts: "n1 lost", shown: "", is: "n1 lost", told: [] },
    {
      name: "is judged apart from the others",
      verdicts: "n1 lost n2 lost n3 lost",
      shown: "n1! n2",
      is: "n1 lost n3 lost",
      told: ["n2"],
    },
    { name: "because it is gone is not asked about", verdicts: "n1 gone", shown: "n1", is: "n1 gone", told: [] },
    {
      name: "because it is gone stays so beside one that is back",
      verdicts: "n1 gone n2 lost",
      shown: "n1 n2",
      is: "n1 gone",
      told: ["n2"],
    },
  ])("$name", async ({ verdicts, shown, is, told }) => {
    const stage = aStage();
    expect(render(await confirm(stage, drawVerdicts(verdicts), shown))).toBe(is);
    expect(reported(stage)).toEqual(told);
  });

  test("is not while it cannot be asked about; one that is gone is, and who returned has", async () => {
    const stage = aStage();
    const slow = new Fault("transient", "Timeout", "slow");
    const confirmed = await confirm(stage, drawVerdicts("n1 lost n2 gone n3 lost", ["n4"]), slow);
    expect(render(confirmed)).toBe("n2 gone");
    expect(confirmed.returned).toEqual(["n4"]);
    expect(reported(stage)).toEqual([]);
  });

  test("fails the pass when it may not be asked about", async () => {
    const denied = new Fault("terminal", "AccessDeniedException", "denied");
    await expect(confirm(aStage(), drawVerdicts("n1 lost"), denied)).rejects.toThrow("denied");
  });
});

test("no node is asked about where none is out of reach", async () => {
  const verdicts = drawVerdicts("n1 gone", ["n2"]);
  expect(await confirm(aStage(), verdicts, new Error("asked"))).toEqual(verdicts);
});
