import { lastLineEnd } from "../host/file_tail.ts";
import { type DurableSink, openDurableSink } from "./sink.ts";

/**
 * Opens a file of lines to be gone on with: what it holds stays, but for a last line that was not finished.
 *
 * @param used Paths that the run reads or writes already, which this must not be.
 * @throws {PackflowError} Like `openSink`.
 */
export async function openAppendingSink(path: string, used: readonly string[]): Promise<DurableSink> {
  // What keeps it from being read keeps it from being written too, and is told then.
  const position = await lastLineEnd(path).catch(() => 0);
  return await openDurableSink(path, { position, used });
}
