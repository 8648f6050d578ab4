import type { HttpRequest } from "../host/http_server.ts";

const SANE = /^[\w.:=+/-]{1,128}$/;
let prefix: string | undefined;
let count = 0;

/** The id that a request brings, or a new one: unlike any other's, and cheap. */
export function requestId({ headers }: HttpRequest): string {
  const given = headers["x-request-id"];
  if (typeof given === "string" && SANE.test(given)) return given;
  prefix ??= crypto.randomUUID().slice(0, 13);
  return `${prefix}-${(++count).toString(36)}`;
}
