/** A file of an archive while the archive is read. Its bytes are taken before the next file is asked for. */
export interface ArchivedFile {
  /** Checked to be safe on every system. */
  readonly path: string;
  readonly mode: 0o644 | 0o755;
  /** Bytes, as the archive says; more or fewer are an error. */
  readonly size: number;
  /** The bytes, to be taken once at most. Only when the whole archive was read it is known whether it was sound. */
  readonly chunks: AsyncIterable<Uint8Array>;
}
