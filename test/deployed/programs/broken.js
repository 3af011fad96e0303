// A release that cannot start: it says so, and ends.
console.error("v3 cannot start: it needs a setting that nobody made");
process.exitCode = 1;
