import { joinBytes } from "../base/bytes.ts";
import { PackflowError } from "../base/errors.ts";
import type { HttpRequest } from "../host/http_server.ts";
import type { BodyWatch } from "./body_watch.ts";

const EMPTY = new Uint8Array(0);

/** Bounds of a body. */
export interface BodyLimits {
  /** Most bytes. */
  readonly bytes: number;
  /** Milliseconds in which all of it must have come. */
  readonly ms: number;
  readonly watch: BodyWatch;
}

/** Refuses a body that is packed or said to be too long, before any of it is read. */
export function checkBodyHeaders({ headers }: HttpRequest, limit: number): void {
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    throw new PackflowError(
      "request.unsupported_media",
      `Cannot read the body as it must not be compressed: its Content-Encoding is "${encoding}"`,
    );
  }
  const length = headers["content-length"];
  if (length !== undefined && Number(length) > limit) throw tooLarge(limit);
}

/** Reads a whole body; calls back once, with it or with why not. */
export function readBody(
  request: HttpRequest,
  { bytes: limit, ms, watch }: BodyLimits,
  done: (body: Uint8Array | PackflowError) => void,
): void {
  checkBodyHeaders(request, limit);
  let first: Uint8Array = EMPTY;
  let more: Uint8Array[] | undefined;
  let size = 0;
  const waiting = { until: performance.now() + ms, expire: () => finish(tooSlow(ms)) };
  const finish = (result: Uint8Array | PackflowError) => {
    request.off("data", onData).off("end", onEnd).off("error", onError).off("close", onError);
    watch.delete(waiting);
    done(result);
  };
  const onData = (chunk: Uint8Array) => {
    size += chunk.length;
    if (size > limit) {
      request.pause();
      return finish(tooLarge(limit));
    }
    if (first.length === 0) first = chunk;
    else (more ??= [first]).push(chunk);
  };
  const onEnd = () => finish(more === undefined ? first : joinBytes(more));
  const onError = () => finish(new PackflowError("request.invalid", "Cannot read the body to its end"));
  watch.add(waiting);
  request.on("data", onData).on("end", onEnd).on("error", onError).on("close", onError);
}

function tooLarge(limit: number): PackflowError {
  return new PackflowError("request.too_large", `Cannot take the body as it may have ${limit} bytes`);
}

/** Why a body is not waited for any longer. */
export function tooSlow(ms: number): PackflowError {
  return new PackflowError("request.deadline", `Cannot wait for the body as it must come within ${ms} ms`);
}
