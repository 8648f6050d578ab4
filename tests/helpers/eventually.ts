/** Between two looks, and at most for one condition. */
const PAUSE_MS = 10;
const LIMIT_MS = 60_000;

/**
 * Waits for something that another process does and cannot tell.
 *
 * @param what What must come to hold, for the error where it does not in a minute: a test must fail, never hang.
 */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  while (!await holds()) {
    if (performance.now() > end) throw new Error(`not within ${LIMIT_MS / 1000} s: ${what}`);
    await new Promise((later) => setTimeout(later, PAUSE_MS));
  }
}
