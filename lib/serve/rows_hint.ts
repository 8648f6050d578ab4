const SHAPE = new TextEncoder().encode('"shape"');
const QUOTE = 0x22;

/**
 * How many events a request of the Open Inference Protocol says it has: the first number of its first shape. Found
 * without parsing, to fill batches by; the worker counts for itself.
 */
export function rowsHint(body: Uint8Array): number {
  for (let at = body.indexOf(QUOTE); at !== -1; at = body.indexOf(QUOTE, at + 1)) {
    if (!startsWith(body, at)) continue;
    const number = /^\s*:\s*\[\s*(\d{1,9})/.exec(
      asciiOf(body.subarray(at + SHAPE.length, at + SHAPE.length + 32)),
    );
    return Math.max(1, Number(number?.[1] ?? 1));
  }
  return 1;
}

function startsWith(body: Uint8Array, at: number): boolean {
  for (let i = 0; i < SHAPE.length; i++) if (body[at + i] !== SHAPE[i]) return false;
  return true;
}

function asciiOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
