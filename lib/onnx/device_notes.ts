import type { JsonValue } from "../base/json.ts";
import { log } from "../base/log.ts";

/** Something to know of what runs a model. */
export interface DeviceNote {
  /** "warn" where a model runs on another device than it might have. */
  readonly level: "info" | "warn";
  readonly message: string;
}

let listener: ((note: DeviceNote) => void) | undefined;

/** Hands what is noted from now on to `listen`, in the place of the log. */
export function onDeviceNote(listen: ((note: DeviceNote) => void) | undefined): void {
  listener = listen;
}

/** Tells whoever listens; without a listener warnings and, with the level debug, the rest go to the log. */
export function noteDevice(note: DeviceNote): void {
  if (listener !== undefined) listener(note);
  else log(note.level === "warn" ? "warn" : "debug", note.message);
}

/** A note that came as JSON; undefined for what is none. */
export function readDeviceNote(value: JsonValue): DeviceNote | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { level, message } = value;
  if (typeof message !== "string") return undefined;
  return { level: level === "warn" ? "warn" : "info", message };
}
