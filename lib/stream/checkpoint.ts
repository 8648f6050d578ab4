import { sha256 } from "../archive/sha256.ts";
import type { ErrorCode } from "../base/error_codes.ts";
import { messageOf, PackflowError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { fileInfo, readFileHead, readTextFile, remove, replaceTextFile } from "../host/files.ts";
import type { RunPosition } from "./run_options.ts";

/** Bytes at the beginning of an input by which it is known again. */
const HEAD_BYTES = 64 * 1024;

/** A file that was written, and how far. */
export interface WrittenFile {
  readonly path: string;
  readonly position: number;
}

/** How far a run is: everything before `position` of the inputs is in the outputs, up to theirs. */
export interface Checkpoint {
  /** Absolute paths. */
  readonly inputs: readonly string[];
  readonly position: RunPosition;
  readonly output: WrittenFile;
  readonly deadLetters?: WrittenFile;
}

/** A checkpoint with what identifies the input that was being read. */
type Note = Checkpoint & { readonly schema: "packflow.checkpoint/1"; readonly head: Head };

interface Head {
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes a checkpoint; a crash at any moment leaves the one before or this one. The outputs must lie on the device. */
export async function writeCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  const { inputs, position } = checkpoint;
  const path = inputs[position.source] ?? "";
  const head = await headOf(path, Math.min(HEAD_BYTES, position.offset));
  const note: Note = { schema: "packflow.checkpoint/1", ...checkpoint, head };
  try {
    await replaceTextFile(file, `${JSON.stringify(note)}\n`);
  } catch (cause) {
    const message = `Cannot write checkpoint "${file}" as writing failed: ${messageOf(cause)}`;
    throw new PackflowError("sink.write_failed", message, { cause, place: { file } });
  }
}

/**
 * Reads a checkpoint to go on from; undefined if there is none.
 *
 * @param now The files of this run, which must be those of the checkpoint.
 * @throws {PackflowError} `source.invalid_checkpoint`, `source.checkpoint_mismatch`, `sink.checkpoint_mismatch`.
 */
export async function readCheckpoint(
  file: string,
  now: { inputs: readonly string[]; output: string; deadLetters?: string | undefined },
): Promise<Checkpoint | undefined> {
  if (await fileInfo(file) === undefined) return undefined;
  const note = await readNote(file);
  const { position, head } = note;
  const path = now.inputs[position.source] ?? "";
  if (JSON.stringify(note.inputs) !== JSON.stringify(now.inputs)) {
    throw mismatch("source.checkpoint_mismatch", file, `input must be "${note.inputs.join('", "')}"`);
  }
  const size = (await fileInfo(path))?.size ?? 0;
  if (size < position.offset && !path.endsWith(".gz")) {
    throw mismatch(
      "source.checkpoint_mismatch",
      file,
      `"${path}" must have at least ${position.offset} bytes: it has ${size}`,
    );
  }
  if ((await headOf(path, head.bytes)).sha256 !== head.sha256) {
    throw mismatch(
      "source.checkpoint_mismatch",
      file,
      `"${path}" must begin as it did: its first ${head.bytes} bytes are others`,
    );
  }
  if (note.output.path !== now.output || note.deadLetters?.path !== now.deadLetters) {
    const files = [note.output.path, note.deadLetters?.path].filter((each) => each !== undefined);
    throw mismatch(
      "sink.checkpoint_mismatch",
      file,
      `output and dead letters must be "${files.join('" and "')}"`,
    );
  }
  return note;
}

/** Removes a checkpoint, as the run is complete. */
export function removeCheckpoint(file: string): Promise<void> {
  return remove(file);
}

async function headOf(path: string, bytes: number): Promise<Head> {
  return { bytes, sha256: await sha256(await readFileHead(path, bytes)) };
}

async function readNote(file: string): Promise<Note> {
  try {
    const note: unknown = JSON.parse(await readTextFile(file));
    if (isNote(note)) return note;
  } catch (cause) {
    throw invalid(file, cause);
  }
  throw invalid(file);
}

function isNote(note: unknown): note is Note {
  if (!isObject(note) || note.schema !== "packflow.checkpoint/1" || !isObject(note.position)) return false;
  const { source, offset, lines, begun } = note.position;
  const counts = [source, offset, lines].every((count) => Number.isSafeInteger(count) && Number(count) >= 0);
  return counts && typeof begun === "boolean" && Array.isArray(note.inputs) && isWritten(note.output) &&
    (note.deadLetters === undefined || isWritten(note.deadLetters)) &&
    isObject(note.head) && Number.isSafeInteger(note.head.bytes) && typeof note.head.sha256 === "string";
}

function isWritten(file: unknown): boolean {
  return isObject(file) && typeof file.path === "string" && Number.isSafeInteger(file.position);
}

function invalid(file: string, cause?: unknown): PackflowError {
  return new PackflowError(
    "source.invalid_checkpoint",
    `Cannot go on from "${file}" as it must be a checkpoint of schema packflow.checkpoint/1`,
    { cause, place: { file } },
  );
}

function mismatch(code: ErrorCode, file: string, reason: string): PackflowError {
  const message = `Cannot go on from checkpoint "${file}" as ${reason}`;
  return new PackflowError(code, message, { place: { file } });
}
