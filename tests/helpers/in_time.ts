/** What tests wait for outside of their own process comes within this time, or never. */
const LIMIT_MS = 120_000;

/** The value of a promise; a failure where it does not come in time, so that no test hangs. */
export async function inTime<T>(waited: Promise<T>, what: string, limitMs: number = LIMIT_MS): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what} did not come within ${limitMs} ms`)), limitMs);
  try {
    return await Promise.race([waited, promise]);
  } finally {
    clearTimeout(timer);
  }
}
