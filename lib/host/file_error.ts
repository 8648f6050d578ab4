/**
 * Why a file could not be read or written, in words to follow a colon: "permission denied".
 * The operating system's number and the call's arguments, which Deno adds, stay out.
 */
export function fileErrorReason(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  const reason = message.replace(/ \(os error \d+\)[^]*$/, "").replace(/[.:]+$/, "");
  return reason.charAt(0).toLowerCase() + reason.slice(1);
}
