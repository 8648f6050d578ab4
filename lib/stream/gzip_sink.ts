import { createCompressor } from "../host/gzip.ts";
import type { Sink } from "./sink.ts";

/**
 * A sink that packs with gzip what it is given. Bytes reach the sink inside when enough have come together, so nobody
 * can follow the output while it grows, nor can it be cut and gone on with.
 */
export function gzipSink(sink: Sink): Sink {
  const compressor = createCompressor((bytes) => sink.write(bytes));
  return {
    name: sink.name,
    write: (bytes) => compressor.write(bytes),
    async close() {
      try {
        await compressor.close();
      } finally {
        await sink.close();
      }
    },
  };
}
