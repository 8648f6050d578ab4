import { lastLineEnd } from "../host/file_tail.ts";
import { type DurableSink, openDurableSink, opened } from "./sink.ts";

/**
 * Opens a file of lines to be gone on with: what it holds stays, but for a last line that was not finished.
 *
 * @param used Paths that the run reads or writes already, which this must not be.
 * @throws {PackflowError} Like `openSink`.
 */
export async function openAppendingSink(path: string, used: readonly string[]): Promise<DurableSink> {
  const position = await opened(path, () => lastLineEnd(path));
  return await openDurableSink(path, { position, used });
}
