console.error("longshore: no command is built yet");
process.exitCode = 1;
