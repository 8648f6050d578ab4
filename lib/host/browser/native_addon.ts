/** A browser loads no libraries that are compiled for a machine. */
export function loadAddon(file: string): never {
  throw new Error(`Cannot load "${file}" in a browser`);
}

/** Whether this process may load such libraries. */
export function mayLoadAddons(): boolean {
  return true;
}

/** There are no libraries for this platform. */
export function addonPlatform(): string {
  return "browser";
}

/** Whether this is the first thread of the process. */
export function inMainThread(): boolean {
  return true;
}
