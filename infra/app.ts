// A placeholder: the stack that users deploy is not built yet, and this says so rather than deploy half of one.
console.error("longshore: deploying to AWS is not built yet; run `npx longshore dev` for a cluster on this machine");
process.exitCode = 1;
