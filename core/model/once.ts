/**
 * What follows from a value that nobody changes, worked out once for each such value and kept as long as it is: passes ask
 * a thousand times for what one snapshot, or one list, tells. Equal is not enough, it has to be the same object; and what
 * is worked out may depend on nothing else.
 */
export function once<Given extends object, Found>(workOut: (given: Given) => Found): (given: Given) => Found {
  const found = new WeakMap<Given, { readonly value: Found }>();
  return (given) => {
    const known = found.get(given) ?? { value: workOut(given) };
    found.set(given, known);
    return known.value;
  };
}
