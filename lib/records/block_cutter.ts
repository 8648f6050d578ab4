import type { Block, RecordFault } from "./block.ts";

/** Where a record came from. */
export interface RecordOrigin {
  /** Offset in the source of its first byte. */
  readonly offset: number;
  /** Line on which it starts, counted from 1. */
  readonly line: number;
}

/** A block and where it was cut. */
export interface Piece {
  readonly block: Block;
  /** Offset in the source of the block's first byte. */
  readonly offset: number;
  /** Offset in the source from which to read on when this piece is done with. */
  readonly end: number;
  /** Line of the block's first byte, counted from 1; absent where the cutter leaves counting to the workers. */
  readonly line?: number;
  /** Column of the block's first byte, counted from 1, in bytes. @default 1 */
  readonly column?: number;
  /** The piece is one record that is a failure already: no worker sees it. */
  readonly fault?: Omit<RecordFault, "index">;
  /** Where each record came from, if they do not stand in the source as they do in the block. */
  readonly origins?: readonly RecordOrigin[];
  /** The worker that must do it, counted from 0; any, if left out. */
  readonly worker?: number;
}

/** How much to take at once. The first record is taken whatever its size. */
export interface PieceLimits {
  readonly bytes: number;
  readonly records: number;
}

/**
 * Cuts a stream of bytes into blocks of whole records, whatever the sizes of its chunks.
 *
 * Chunks are copied, so their owner may reuse them; the bytes of a block that was taken are never written again.
 */
export interface BlockCutter {
  /** Bytes of complete records not yet taken; not 0 where there is any, a faulty one included. */
  readonly ready: number;
  /** Number of complete records not yet taken, counted no further than `most`. */
  count(most: number): number;
  /** Takes in the next bytes of the stream. */
  push(chunk: Uint8Array): void;
  /** The stream has ended: what is unfinished becomes the last record. */
  end(): void;
  /** The next records, at most so many; undefined if none is complete. */
  take(limits: PieceLimits): Piece | undefined;
}

/** What a cutter starts with. */
export interface CutterOptions {
  /** A record of more bytes is a failure, and its bytes are not kept while they are not all there. */
  readonly maxEventBytes: number;
  /** Offset in the source of the first byte pushed; 3 after a byte order mark. */
  readonly offset?: number;
  /** Records that start before this offset are left out. */
  readonly from?: number;
}
