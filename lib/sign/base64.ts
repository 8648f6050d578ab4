/**
 * The bytes of a base64 text, in the standard alphabet with padding: undefined unless it is the one text that
 * encodes them, so that no two texts mean the same signature.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
    return bytes.toBase64() === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}
