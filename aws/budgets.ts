import type { ItemKey, Store, Take } from "../core/ports/store.ts";
import type { Table } from "./table.ts";

/** Most that a budget's stored window may lie ahead of a caller's before it is taken for that of a wrong clock. */
const maxAheadMs = 60_000;

/** Windowed budgets: an item each, of the window that was opened last, what is used of it, and until when it is halved. */
export function dynamoBudgets(table: Table): Pick<Store, "take" | "halve"> {
  return {
    take: async (take) => {
      if (take.amount > take.room) return false;
      // Whoever loses the opening of a window to another taker finds it open.
      return (await takeFromOpen(table, take)) || (await openWindow(table, take)) || (await takeFromOpen(table, take));
    },
    halve: async ({ partition, sort }, untilMs) => {
      await table.update({
        Key: { partition, sort },
        UpdateExpression: "SET halvedUntilMs = :until",
        ConditionExpression: "attribute_not_exists(halvedUntilMs) OR halvedUntilMs < :until",
        ExpressionAttributeValues: { ":until": untilMs },
      });
    },
  };
}

const isWhole = "(attribute_not_exists(halvedUntilMs) OR halvedUntilMs <= :now)";
const isNew = "(attribute_not_exists(windowMs) OR windowMs < :window OR windowMs > :ahead)";

function takeFromOpen(table: Table, { amount, room, windowMs, nowMs, ...key }: Take): Promise<boolean> {
  return table.update({
    Key: keyOf(key),
    UpdateExpression: "SET used = used + :amount",
    // A condition cannot add: what may be used before is worked out here.
    ConditionExpression: `windowMs = :window AND (used <= :leftHalved OR (used <= :left AND ${isWhole}))`,
    ExpressionAttributeValues: {
      ":amount": amount,
      ":window": windowMs,
      ":now": nowMs,
      ":left": room - amount,
      ":leftHalved": halfOf(room) - amount,
    },
  });
}

function openWindow(table: Table, { amount, room, windowMs, nowMs, ...key }: Take): Promise<boolean> {
  const fitsHalved = amount <= halfOf(room);
  return table.update({
    Key: keyOf(key),
    UpdateExpression: "SET windowMs = :window, used = :amount",
    ConditionExpression: fitsHalved ? isNew : `${isNew} AND ${isWhole}`,
    ExpressionAttributeValues: {
      ":amount": amount,
      ":window": windowMs,
      ":ahead": windowMs + maxAheadMs,
      ...(fitsHalved ? {} : { ":now": nowMs }),
    },
  });
}

function keyOf({ partition, sort }: ItemKey): Record<string, string> {
  return { partition, sort };
}

function halfOf(room: number): number {
  return Math.floor(room / 2);
}
