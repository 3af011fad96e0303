import { CommandError } from "./command-error.ts";
import { exit } from "./exit-codes.ts";
import type { Session } from "./session.ts";

/**
 * Asks whether a delete is meant.
 * @param what Begins the question, such as `delete shop/web and stop all tasks`.
 * @throws CommandError unless somebody is there and says yes.
 */
export async function confirmDelete(what: string, session: Pick<Session, "ask">): Promise<void> {
  const answer = await session.ask(`${what}? [y/N] `);
  if (answer === undefined)
    throw new CommandError(
      exit.invalid,
      "nobody is there to be asked whether the delete is meant; if it is, add --yes",
    );
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError(exit.invalid, "not deleted: the answer was not yes");
}
