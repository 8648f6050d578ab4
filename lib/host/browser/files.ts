/** Files in a browser: what a server answers to a GET at their address. Nothing is written. */

/** What is known of a path. */
export interface FileInfo {
  readonly kind: "file";
}

/** The bytes of a file. */
export async function readFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await request(path, "GET")).arrayBuffer());
}

/** The text of a file, refused where it is not UTF-8. */
export async function readTextFile(path: string): Promise<string> {
  return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
}

/** Nothing: folders of servers cannot be looked into, and what is looked for there is compiled for Node.js. */
export function fileInfo(_path: string): Promise<FileInfo | undefined> {
  return Promise.resolve(undefined);
}

/** The size of a file in bytes; 0 where the server does not tell it. */
export async function fileSize(path: string): Promise<number> {
  const { headers } = await request(path, "HEAD");
  return headers.has("content-encoding") ? 0 : Number(headers.get("content-length") ?? 0);
}

/** The address as it is: servers tell of no links. */
export function realPath(path: string): Promise<string> {
  return Promise.resolve(path);
}

async function request(path: string, method: "GET" | "HEAD"): Promise<Response> {
  const response = await fetch(path, { method });
  if (response.ok) return response;
  throw new Error(`The server answered ${response.status} ${response.statusText}`.trim());
}
