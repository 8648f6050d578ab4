import type { Connection, Writer } from "../deps/kafka.ts";
import { faultOf } from "./client_fault.ts";

/** A request of the protocol as the library makes it. */
type Api<Args extends unknown[], Answer> = {
  readonly api: (
    connection: Connection,
    ...args: [...Args, (error: Error | null, answer?: Answer) => void]
  ) => void;
};

/** What the library answers, its errors as faults. */
export async function settled<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw faultOf(error);
  }
}

/** What the library calls back with, its errors as faults. */
export function answered<Answer>(
  ask: (done: (error: Error | null, answer?: Answer) => void) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    ask((error, answer) => {
      if (error === null && answer !== undefined) resolve(answer);
      else reject(faultOf(error));
    });
  });
}

/** Sends a request that the library makes and whose answer it reads. */
export function call<Args extends unknown[], Answer>(
  { api }: Api<Args, Answer>,
  connection: Connection,
  ...args: Args
): Promise<Answer> {
  return answered((done) => api(connection, ...args, done));
}

/** Sends a request whose answer is read here rather than by the library. */
export function send(
  connection: Connection,
  { key, version }: { key: number; version: number },
  payload: () => Writer,
): Promise<Uint8Array> {
  return answered((done) =>
    connection.send<Uint8Array>(
      key,
      version,
      payload,
      (...[, , , reader]) => reader.buffer.slice(reader.position),
      true,
      true,
      done,
    )
  );
}
