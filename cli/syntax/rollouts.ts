import type { Command } from "commander";
import { command, objectWords, reading, sending, serviceWords, timeoutOption, toOption } from "../command-parts.ts";
import type { GetOptions } from "../commands/get.ts";
import type { RollbackOptions, RolloutOptions } from "../commands/rollout.ts";
import type { StatusOptions } from "../commands/rollout-status.ts";
import type { Adding } from "./adding.ts";

/** Adds the commands that watch and steer how a changed service replaces what runs. */
export function addRollouts(program: Command, adding: Adding): void {
  const rollout = command(program, "rollout", "watch and steer how a changed service replaces what runs", [
    "longshore rollout status shop/web",
  ]);
  for (const add of [addStatus, addHistory, addRollback, addCancel]) add(rollout, adding);
  for (const type of ["pause", "resume"] as const) addHold(rollout, type, adding);
  addRestart(program, adding);
  for (const type of ["pause", "resume"] as const) addKillSwitch(program, type, adding);
}

function addStatus(rollout: Command, { session, end }: Adding): void {
  const status = command(rollout, "status", "show where a rollout stands; the exit code says what became of it", [
    "longshore rollout status shop/web --wait",
  ]);
  reading(serviceWords(status))
    .option("--wait", "wait until it is live, or has failed; without it, 0 stands for what is under way, too")
    .addOption(timeoutOption("wait no longer, such as 90s or 5m; if absent 5m"))
    .action(async (words: readonly string[], options: StatusOptions) => {
      const { rolloutStatusOf } = await import("../commands/rollout-status.ts");
      end(await rolloutStatusOf(words, options, session));
    });
}

function addHistory(rollout: Command, { session, end }: Adding): void {
  const history = command(rollout, "history", "list what a service ran and can go back to", [
    "longshore rollout history shop/web",
  ]);
  reading(serviceWords(history)).action(async (words: readonly string[], options: GetOptions) => {
    const { revisions } = await import("../commands/revisions.ts");
    end(await revisions(words, options, session));
  });
}

function addRollback(rollout: Command, { session, end }: Adding): void {
  const rollback = command(rollout, "rollback", "go back to what a service ran before, as a new generation", [
    "longshore rollout rollback shop/web --wait",
    "longshore rollout undo shop/web --to 3",
  ]).alias("undo");
  sending(serviceWords(rollback).addOption(toOption), "until that is live, or has failed").action(
    async (words: readonly string[], options: RollbackOptions) => {
      const commands = await import("../commands/rollout.ts");
      end(await commands.rollback(words, options, session));
    },
  );
}

function addCancel(rollout: Command, { session, end }: Adding): void {
  const cancel = command(rollout, "cancel", "give up the rollout that is under way: what ran before comes back", [
    "longshore rollout cancel shop/web --wait",
  ]);
  sending(serviceWords(cancel), "until what ran before is back").action(
    async (words: readonly string[], options: RolloutOptions) => {
      const commands = await import("../commands/rollout.ts");
      end(await commands.cancel(words, options, session));
    },
  );
}

function addHold(rollout: Command, type: "pause" | "resume", { session, end }: Adding): void {
  const purposes = {
    pause: "hold a rollout where it is; healing and scaling go on",
    resume: "let a rollout go on that was paused, or try one again that failed and is held",
  };
  const hold = command(rollout, type, purposes[type], [`longshore rollout ${type} shop/web`]);
  sending(serviceWords(hold)).action(async (words: readonly string[], options: RolloutOptions) => {
    const { holdRollout } = await import("../commands/rollout.ts");
    end(await holdRollout(type, words, options, session));
  });
}

function addRestart(program: Command, { session, end }: Adding): void {
  const restart = command(program, "restart", "replace every task of a service by one of the same content", [
    "longshore restart service shop/web --wait",
  ]);
  sending(serviceWords(restart), "until the new tasks are live, or the deployment failed").action(
    async (words: readonly string[], options: RolloutOptions) => {
      const commands = await import("../commands/rollout.ts");
      end(await commands.restart(words, options, session));
    },
  );
}

function addKillSwitch(program: Command, type: "pause" | "resume", { session, end }: Adding): void {
  const purposes = {
    pause: "the kill switch: hold all that would start or stop; what runs goes on",
    resume: "end a pause of the same object",
  };
  const pause = command(program, type, purposes[type], [
    `longshore ${type} service shop/web`,
    `longshore ${type} namespace shop`,
    `longshore ${type} install`,
  ]);
  sending(objectWords(pause)).action(async (words: readonly string[], options: RolloutOptions) => {
    const { pauseOrResume } = await import("../commands/pause.ts");
    end(await pauseOrResume(type, words, options, session));
  });
}
