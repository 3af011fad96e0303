import { expect, test } from "vitest";
import { tellTroubles } from "../../../core/trouble/tell.ts";
import type { Trouble } from "../../../core/trouble/trouble.ts";

const aTrouble = (kind: Trouble["kind"], about: string): Trouble => ({ kind, about, message: "look" });

test("one line tells how many there are of what kind, and names each", () => {
  const troubles = [aTrouble("behind", "shop/a"), aTrouble("dead letters", "work-dead"), aTrouble("behind", "shop/b")];
  expect(tellTroubles(troubles)).toEqual({
    message: "the sweep found 3 troubles (2 × behind, 1 × dead letters)",
    troubles,
  });
});

test("no more than fifty are named", () => {
  const troubles = Array.from({ length: 51 }, (_, index) => aTrouble("behind", `shop/${index}`));
  const told = tellTroubles(troubles);
  expect(told.message).toBe("the sweep found 51 troubles (51 × behind), the first 50 told here");
  expect(told.troubles).toHaveLength(50);
});
