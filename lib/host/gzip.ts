import {
  constants,
  createGunzip,
  createInflateRaw,
  type Gunzip,
  type InflateRaw,
  inflateRawSync,
} from "node:zlib";

/** Takes bytes out of gzip as they come. */
export interface Decompressor {
  /** Resolves when the bytes have been worked on, which waits for what came of them to be read. */
  write(bytes: Uint8Array): Promise<void>;
  /** No more bytes come. */
  end(): void;
  /** What has come out, as soon as there is any; undefined at the end. @throws For what is not whole gzip data. */
  read(): Promise<Uint8Array | undefined>;
  /** Lets it go, whatever it is doing. */
  close(): void;
}

/**
 * Makes what takes bytes out of gzip. The platform's DecompressionStream takes one member alone; what log rotation
 * and parallel compressors write has many.
 */
export function createDecompressor(): Decompressor {
  return decompressor(createGunzip({ chunkSize: 64 * 1024 }));
}

/** Takes bytes out of one raw deflate stream as they come. */
export interface Inflater extends Decompressor {
  /** Bytes it has used. At the end: those of the stream, without what came behind it. */
  readonly consumed: number;
}

/** Makes what takes bytes out of a raw deflate stream. */
export function createInflater(): Inflater {
  const inflate = createInflateRaw({ chunkSize: 128 * 1024 });
  return {
    ...decompressor(inflate),
    get consumed() {
      return inflate.bytesWritten;
    },
  };
}

function decompressor(gunzip: Gunzip | InflateRaw): Decompressor {
  let failure: unknown;
  gunzip.on("error", (error) => failure = error);
  return {
    write: (bytes) =>
      new Promise((resolve) => {
        // Whoever reads is told of failures. Closed, it calls nobody back.
        gunzip.once("close", resolve);
        gunzip.write(bytes, () => {
          gunzip.off("close", resolve);
          resolve();
        });
      }),
    end: () => void gunzip.end(),
    async read() {
      for (;;) {
        if (failure !== undefined) throw failure;
        const bytes: Uint8Array | null = gunzip.read();
        if (bytes !== null) return bytes;
        if (gunzip.readableEnded || gunzip.destroyed) return undefined;
        await changed(gunzip);
      }
    },
    close: () => void gunzip.destroy(),
  };
}

function changed(gunzip: Gunzip | InflateRaw): Promise<void> {
  return new Promise((resolve) => {
    const events = ["readable", "end", "error", "close"] as const;
    const settle = () => {
      for (const event of events) gunzip.off(event, settle);
      resolve();
    };
    for (const event of events) gunzip.on(event, settle);
  });
}

/** Puts bytes into gzip as they come. */
export interface Compressor {
  /** Resolves when more may be written. @throws What `write` of the output threw. */
  write(bytes: Uint8Array): Promise<void>;
  /** Writes what is left; throws likewise. */
  close(): Promise<void>;
}

/** Makes what puts bytes into gzip; the bytes differ between runtimes. */
export function createCompressor(output: (bytes: Uint8Array) => Promise<void>): Compressor {
  const stream = new CompressionStream("gzip");
  const writer = stream.writable.getWriter();
  const piping = stream.readable.pipeTo(new WritableStream({ write: output }));
  // The output's own error, which is worth more than what the writer then says.
  const failed = piping.then(() => new Promise<never>(() => {}));
  failed.catch(() => {});
  return {
    // The caller may reuse the bytes.
    write: (bytes) => Promise.race([failed, writer.ready.then(() => writer.write(bytes.slice()))]),
    async close() {
      await Promise.race([failed, writer.close()]);
      await piping;
    },
  };
}

/** What the start of a deflate stream inflates to, as far as it goes; nothing where it is none. */
export function inflateStart(bytes: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array();
  }
}
