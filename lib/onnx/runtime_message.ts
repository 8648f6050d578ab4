const LONGEST_MESSAGE = 300;
/** What is looked at: a model's names may have megabytes, a function with all it takes has a kilobyte. */
const LONGEST_RAW = 3000;

/**
 * What an error of ONNX Runtime says, fit for a reader: its message starts with "Can't create a session.
 * ERROR_CODE: 7, ERROR_MESSAGE:", goes on with paths and functions of the program that ONNX Runtime was built from,
 * and may run over lines.
 */
export function runtimeMessage(error: unknown): string {
  const raw = error instanceof Error ? error.message : String(error);
  const message = raw.replace(/^[\s\S]*?ERROR_MESSAGE:\s*/, "").slice(0, LONGEST_RAW);
  const text = withoutSignatures(message)
    // "/build/onnxruntime/core/x.cc:79 GetSizeInBytes ", the function's name without what it takes
    .replace(/(?:[A-Za-z]:)?[^\s"'(]*\.(?:cc|h|cpp|hpp):\d+\s*(?:\w+\s)?/g, "")
    .replace(/\[ONNXRuntimeError\]\s*:\s*\d+\s*:\s*[A-Z_]+\s*:\s*/g, "")
    .replace(/(?:[A-Za-z]:)?[\\/](?:mnt|home|build|Users|__w|onnxruntime_src)[\\/][^\s"']*/g, "")
    // deno-lint-ignore no-control-regex -- names in a model may hold anything
    .replace(/[\s\u0000-\u001f\u007f]+/g, " ")
    .trim()
    .replace(/\.$/, "");
  if (text === "") return "no reason given";
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE - 1)}…` : text;
}

/** A stand-in for an error of ONNX Runtime: the readable message, without its stack of minified code. */
export function runtimeCause(error: unknown): Error {
  const cause = new Error(runtimeMessage(error));
  cause.name = "OnnxRuntimeError";
  return cause;
}

/** Up to where a function's arguments begin: "x.cc:79 Status onnxruntime::Trees<float, int>::Init(". */
const SIGNATURE =
  /(?:[^\s"'(]*\.(?:cc|h|cpp|hpp):\d+\s*)?(?:\b(?:static|virtual|inline|const|void|bool|int|size_t|int64_t|auto|(?:common::)?Status|\w+ ?[*&])\s*)*\b(?:onnxruntime|onnx|SafeInt\w*)\b[\w:<>~,*&. ]*::[\w~<>]+\(/;

/** Leaves out functions of C++ with all that they take: names in them mean nothing to who has a model. */
function withoutSignatures(message: string): string {
  let text = message;
  for (let found = SIGNATURE.exec(text); found !== null; found = SIGNATURE.exec(text)) {
    let end = closing(text, found.index + found[0].length - 1);
    end += /^\s*const\b/.exec(text.slice(end))?.[0].length ?? 0;
    const types = /^\s*\[(?=\w+ = )/.exec(text.slice(end))?.[0];
    if (types !== undefined) end = closing(text, end + types.length - 1);
    text = `${text.slice(0, found.index)}${text.slice(end).trimStart()}`;
  }
  return text;
}

/** Position behind the bracket that closes the one at a position; the end of a text that was cut. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "(" || text[at] === "[") depth++;
    else if ((text[at] === ")" || text[at] === "]") && --depth === 0) return at + 1;
  }
  return text.length;
}
