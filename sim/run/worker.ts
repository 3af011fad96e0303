// Plays the seeds that it is sent, one after another, and sends back what each came to; ends when nobody sends any more.
import { playSeed } from "./play-seed.ts";

process.on("message", (seed: number) => {
  playSeed(seed).then((report) => process.send?.(report));
});
