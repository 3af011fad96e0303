import { invariant } from "../../core/model/fault.ts";
import { seededRandom } from "../random.ts";

/** Chance in the words of those who draw scenarios. */
export interface Drawing {
  /** True that often. @param share 0 to 1 */
  chance(share: number): boolean;
  /** An integer, both bounds included. */
  between(least: number, most: number): number;
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** 0 up to, and not, 1. */
  fraction(): number;
}

/** Draws the same for the same seed. @param seed any integer */
export function drawing(seed: number): Drawing {
  const { fraction } = seededRandom(seed);
  const between = (least: number, most: number) => least + Math.floor(fraction() * (most - least + 1));
  return {
    fraction,
    between,
    chance: (share) => fraction() < share,
    pick: (list) => {
      invariant(list.length > 0, "there is something to pick from");
      return list[between(0, list.length - 1)] as (typeof list)[number];
    },
  };
}
