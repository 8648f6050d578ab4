import { PackflowError } from "../base/errors.ts";
import { type Entry, quote } from "./entry.ts";

/**
 * From this size on a file is stored as it is. What is that large in a package are weights, of which deflate takes
 * off a few per cent in minutes. The size alone decides, so that no reader of the format has to guess.
 */
export const STORED_FROM = 16 * 1024 * 1024;

/**
 * The bytes of an entry, exactly as many as its size says: a header that was written before cannot be mended.
 *
 * @throws {PackflowError} package.content_changed
 */
export async function* exactChunks(entry: Entry): AsyncGenerator<Uint8Array, void, undefined> {
  const { content } = entry;
  let left = content.size;
  for await (const chunk of content.chunks()) {
    left -= chunk.length;
    if (left < 0) break;
    yield chunk;
  }
  if (left === 0) return;
  const now = left > 0 ? content.size - left : "more";
  throw contentChanged(entry, `it had ${content.size} bytes, now ${now}`);
}

/** The error for a file that was written to meanwhile. */
export function contentChanged({ path }: Entry, how: string): PackflowError {
  return new PackflowError(
    "package.content_changed",
    `Cannot package ${quote(path)} as it must stay as it is meanwhile: ${how}`,
  );
}
