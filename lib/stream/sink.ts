import { PackflowError } from "../base/errors.ts";
import {
  type ByteWriter,
  openFileWriter,
  openFileWriterAt,
  stdoutWriter,
  streamFault,
} from "../host/byte_streams.ts";
import { realPath } from "../host/files.ts";

/** The records of the input that lines came of. */
export interface LineOrigin {
  /** Offset in the source of the first record. */
  readonly offset: number;
  /** Offset in the source after the last one, those included that no line came of. */
  readonly end: number;
  /** Of each line, the index of its record counted from the first; 0, 1, 2 and so on where left out. */
  readonly indexes?: readonly number[];
  /** Of each line, the offset in the source of its record, where records do not follow one another. */
  readonly offsets?: readonly number[];
}

/** Where bytes go, in the order they are given. */
export interface Sink {
  /** What messages call it: the path as given, "-" for the standard output. */
  readonly name: string;
  /**
   * Writes all of the bytes; resolves when they are taken, which is what slows the reading down.
   *
   * @throws {PackflowError} `sink.closed` if nobody reads any more (a reason to end quietly), `sink.write_failed`.
   */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Writes lines with the records they came of, for a sink that wants to know; it is told of records that no line
   * came of too. Called in the place of {@linkcode write}, and throws like it.
   */
  writeFrom?(bytes: Uint8Array, origin: LineOrigin): Promise<void>;
  /** Ends the output. */
  close(): Promise<void>;
}

/**
 * Opens a file, or the standard output for "-".
 *
 * A file is written in place, not beside it and renamed: a stream may have no end, others may follow it while it
 * grows, and what was written before a failure is good. What the file held before is gone.
 *
 * @param path Path of the file, or "-".
 * @param used Paths that the run reads or writes already, which this must not overwrite.
 * @throws {PackflowError} `sink.not_writable`, `sink.is_source`.
 */
export async function openSink(path: string, used: readonly string[] = []): Promise<Sink> {
  if (path === "-") return writerSink(path, stdoutWriter());
  await refuseUsed(path, used);
  return writerSink(path, await opened(path, () => openFileWriter(path)));
}

/** A file whose end is known and can be made to survive a crash. */
export interface DurableSink extends Sink {
  /** Bytes that the file holds. */
  readonly position: number;
  /** Resolves when what was written lies on the device; throws like {@linkcode Sink.write}. */
  sync(): Promise<void>;
}

/**
 * Opens a file to be gone on with from a position; what it holds after that is dropped.
 *
 * @throws {PackflowError} Like {@linkcode openSink}, and `sink.checkpoint_mismatch` if the file ends before.
 */
export async function openDurableSink(
  path: string,
  { position, used }: { position: number; used: readonly string[] },
): Promise<DurableSink> {
  await refuseUsed(path, used);
  const writer = await opened(path, () => openFileWriterAt(path, position));
  if (writer === undefined) {
    throw new PackflowError(
      "sink.checkpoint_mismatch",
      `Cannot go on writing "${path}" as it must hold the ${position} bytes that the checkpoint tells of: it is shorter`,
      { place: { file: path } },
    );
  }
  const sink = writerSink(path, writer);
  let end = position;
  return {
    name: path,
    close: sink.close,
    get position() {
      return end;
    },
    async write(bytes) {
      await sink.write(bytes);
      end += bytes.length;
    },
    async sync() {
      try {
        await writer.sync();
      } catch (cause) {
        throw writeError(path, cause);
      }
    },
  };
}

/** What opening a file gives. @throws {PackflowError} `sink.not_writable`. */
export async function opened<Writer>(path: string, open: () => Promise<Writer>): Promise<Writer> {
  try {
    return await open();
  } catch (cause) {
    const reasons = {
      not_found: "its folder must exist",
      denied: "writing there must be allowed",
      directory: "it must be a file: it is a folder",
      closed: "opening it failed",
      full: "there must be space left on its device",
      other: "opening it failed",
    };
    const message = `Cannot write to "${path}" as ${reasons[streamFault(cause)]}`;
    throw new PackflowError("sink.not_writable", message, { cause, place: { file: path } });
  }
}

function writerSink(name: string, writer: ByteWriter): Sink {
  return {
    name,
    async write(bytes) {
      try {
        await writer.write(bytes);
      } catch (cause) {
        throw writeError(name, cause);
      }
    },
    close() {
      writer.close();
      return Promise.resolve();
    },
  };
}

function writeError(name: string, cause: unknown): PackflowError {
  const options = { cause, place: { file: name } };
  const fault = streamFault(cause);
  const target = name === "-" ? "standard output" : `"${name}"`;
  if (fault === "closed") {
    return new PackflowError("sink.closed", `Cannot write to ${target} as its reader has closed it`, options);
  }
  const reason = fault === "full" ? "there is no space left on its device" : "writing failed";
  return new PackflowError("sink.write_failed", `Cannot write to ${target} as ${reason}`, options);
}

async function refuseUsed(path: string, used: readonly string[]): Promise<void> {
  const real = await realPath(path).catch(() => undefined);
  if (real === undefined) return;
  for (const other of used) {
    if (other === "-" || await realPath(other).catch(() => undefined) !== real) continue;
    const message = `Cannot write to "${path}" as it must not be the run's input or another of its outputs`;
    throw new PackflowError("sink.is_source", message, { place: { file: path } });
  }
}
