/** What a call wrote to the standard streams. */
export interface CapturedOutput<T> {
  readonly value: T;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the standard streams behave meanwhile. */
export interface CaptureOptions {
  /** Whether standard error is a terminal. */
  readonly isTerminal?: boolean;
  /** Thrown by writes to standard output. */
  readonly stdoutFault?: Error;
}

/** Runs a call in this process and keeps what it writes away from the streams. One at a time in a test file. */
export async function capturedOutput<T>(
  run: () => T | Promise<T>,
  { isTerminal = false, stdoutFault }: CaptureOptions = {},
): Promise<CapturedOutput<T>> {
  const { stdout, stderr } = Deno;
  const own = { out: stdout.writeSync, err: stderr.writeSync, isTerminal: stderr.isTerminal };
  const taken = { out: "", err: "" };
  const keep = (stream: "out" | "err") => {
    const decoder = new TextDecoder();
    return (bytes: Uint8Array) => {
      if (stream === "out" && stdoutFault !== undefined) throw stdoutFault;
      taken[stream] += decoder.decode(bytes, { stream: true });
      return bytes.length;
    };
  };
  Object.assign(stdout, { writeSync: keep("out") });
  Object.assign(stderr, { writeSync: keep("err"), isTerminal: () => isTerminal });
  try {
    const value = await run();
    return { value, stdout: taken.out, stderr: taken.err };
  } finally {
    Object.assign(stdout, { writeSync: own.out });
    Object.assign(stderr, { writeSync: own.err, isTerminal: own.isTerminal });
  }
}
