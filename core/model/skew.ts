/** How far two machines' clocks may lie apart, ms: a wait that one process begins and another ends is longer by that. */
export const skewMs = 60_000;
