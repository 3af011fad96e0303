import { fork } from "node:child_process";
import type { SeedReport } from "./play-seed.ts";

/** Who is told of each report, and who says which seed is next. */
export interface Work {
  /** undefined: there is no more to do. */
  readonly nextSeed: () => number | undefined;
  readonly reported: (report: SeedReport) => void;
}

/**
 * Plays seeds in worker processes, one seed at a time in each.
 *
 * @param workers 1 or more: as many as there are processors.
 * @throws Error when a worker ends before its seed does.
 */
export async function playInTeam(workers: number, work: Work): Promise<void> {
  await Promise.all(Array.from({ length: workers }, () => employ(work)));
}

function employ({ nextSeed, reported }: Work): Promise<void> {
  const worker = fork(new URL("worker.ts", import.meta.url));
  return new Promise((resolve, reject) => {
    let playing: number | undefined;
    const handOver = () => {
      playing = nextSeed();
      if (playing === undefined) worker.disconnect();
      else worker.send(playing);
    };
    worker.on("message", (message) => {
      reported(message as SeedReport);
      handOver();
    });
    worker.on("error", reject);
    worker.on("exit", (code) => {
      if (playing === undefined) resolve();
      else reject(new Error(`a worker ended with exit code ${code} while it played seed ${playing}`));
    });
    handOver();
  });
}
