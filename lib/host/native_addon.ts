import { createRequire } from "node:module";
import process from "node:process";
import { isMainThread } from "node:worker_threads";
import { toFileUrl } from "./path.ts";

/** Loads a library made for Node.js, a file whose name ends in `.node`; throws what the system says. */
export function loadAddon(file: string): unknown {
  return createRequire(toFileUrl(file))(file);
}

/** Whether this process may load such libraries, which nothing can keep in. */
export function mayLoadAddons(): boolean {
  return Deno.permissions.querySync({ name: "ffi" }).state === "granted";
}

/** The machine as packages for Node.js name it in folders, such as `linux/x64`. */
export function addonPlatform(): string {
  return `${process.platform}/${process.arch}`;
}

/** Whether this is the first thread of the process. */
export function inMainThread(): boolean {
  return isMainThread;
}
