/** The machines that a release has a program for, as `deno compile --target` names them. */
export const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
] as const;

/** A machine that a release has a program for. */
export type Target = typeof TARGETS[number];

/** The name of the program's file. */
export function programName(target: Target): string {
  return target.includes("windows") ? "packflow.exe" : "packflow";
}

/** The name of the archive that people download. install.sh builds the same name. */
export function archiveName(target: Target): string {
  return `packflow-${target}.tar.gz`;
}

/** Whether a file is a program for a target: `deno compile` takes whatever DENORT_BIN names as its base. */
export function isProgramFor(target: Target, head: Uint8Array): boolean {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const isArm = target.startsWith("aarch64");
  if (target.includes("linux")) {
    return view.getUint32(0) === 0x7f454c46 && view.getUint16(18, true) === (isArm ? 183 : 62);
  }
  if (target.includes("darwin")) {
    return view.getUint32(0, true) === 0xfeedfacf &&
      view.getUint32(4, true) === (isArm ? 0x0100000c : 0x01000007);
  }
  if (view.getUint16(0) !== 0x4d5a) return false;
  const header = view.getUint32(0x3c, true);
  return header + 6 <= head.length && view.getUint32(header) === 0x50450000 &&
    view.getUint16(header + 4, true) === 0x8664;
}
