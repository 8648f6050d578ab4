import process from "node:process";

/** Where questions are asked and answered, as libraries for Node.js take it: standard output is for data. */
export function terminalStreams(): { input: typeof process.stdin; output: typeof process.stderr } {
  return { input: process.stdin, output: process.stderr };
}
