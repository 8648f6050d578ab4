/** The standard streams, as text for people and for small answers; bulk data goes through byte streams. */

const PAUSE_MS = 2;

/** Writes all of a text to standard output; throws what the system says where it cannot be written. */
export function writeStdout(text: string): void {
  writeAll(Deno.stdout, text);
}

/** Writes all of a text to standard error; a reader that is gone is none of the caller's business. */
export function writeStderr(text: string): void {
  try {
    writeAll(Deno.stderr, text);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** Whether standard error is a terminal, where colour and progress make sense. */
export function stderrIsTerminal(): boolean {
  return Deno.stderr.isTerminal();
}

/** Whether standard input is a terminal, where somebody may answer. */
export function stdinIsTerminal(): boolean {
  return Deno.stdin.isTerminal();
}

function writeAll(stream: { writeSync(data: Uint8Array): number }, text: string): void {
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(stream.writeSync(rest));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      // Another process that shares the pipe may have made it non-blocking, and the pipe is full.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
