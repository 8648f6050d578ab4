import { Buffer } from "node:buffer";

/** The base64 form of a text's UTF-8 bytes. */
export function encodeBase64(text: string): string {
  return Buffer.from(text).toString("base64");
}
