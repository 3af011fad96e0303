/** Fewest letters in common for one name to be told for another. */
const leastInCommon = 3;

/**
 * What is wrong with the names in an app's context, a sentence each. One that is overlooked can leave access control off, so
 * every plain word has to be an option. Others are not meant for the app: CDK's and its command's have a `-`, `:` or `/`.
 */
export function unknownOptions(names: readonly string[], options: readonly string[]): readonly string[] {
  return names
    .filter((name) => /^[A-Za-z]\w*$/.test(name) && !options.includes(name))
    .map((name) => {
      const nearest = options.toSorted((one, other) => inCommon(name, other) - inCommon(name, one))[0] ?? "";
      const advice = inCommon(name, nearest) < leastInCommon ? "docs/deploy.md lists them" : `did you mean ${nearest}?`;
      return `${name} is no option; ${advice}`;
    });
}

/** Letters that two names begin with, both, whatever their case. */
function inCommon(one: string, other: string): number {
  const letters = [...other.toLowerCase()];
  const different = letters.findIndex((letter, index) => one[index]?.toLowerCase() !== letter);
  return different < 0 ? letters.length : different;
}
