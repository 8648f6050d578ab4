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

/** A connection of the library's pool. */
export function connected(
  connect: (done: (error: Error | null, connection?: Connection) => void) => void,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    connect((error, connection) => {
      if (error === null && connection !== undefined) resolve(connection);
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
  return new Promise((resolve, reject) => {
    api(connection, ...args, (error, answer) => {
      if (error === null && answer !== undefined) resolve(answer);
      else reject(faultOf(error));
    });
  });
}

/** Sends a request whose answer is read here rather than by the library. */
export function send(
  connection: Connection,
  { key, version }: { key: number; version: number },
  payload: () => Writer,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    connection.send<Uint8Array>(
      key,
      version,
      payload,
      (...[, , , reader]) => reader.buffer.slice(reader.position),
      true,
      true,
      (error, answer) => {
        if (error === null && answer !== undefined) resolve(answer);
        else reject(faultOf(error));
      },
    );
  });
}
