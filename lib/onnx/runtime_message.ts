const LONGEST_MESSAGE = 300;

/**
 * What an error of ONNX Runtime says, fit for a reader: its message starts with "Can't create a session.
 * ERROR_CODE: 7, ERROR_MESSAGE:", goes on with paths of the machine that built the runtime, and may run over lines.
 */
export function runtimeMessage(error: unknown): string {
  const raw = error instanceof Error ? error.message : String(error);
  const text = raw
    .replace(/^[\s\S]*?ERROR_MESSAGE:\s*/, "")
    // "/build/onnxruntime/core/x.cc:79 onnxruntime::Initializer::Initializer(const Graph &, ...) [ONNXRuntimeError] : 1 : FAIL : "
    .replace(
      /(?:[A-Za-z]:)?[\\/][^\s"']*\.(?:cc|h|cpp|hpp):\d+\s*(?:[\w:~<>]+\([^)]*\)(?:\s*const)?)?\s*/g,
      "",
    )
    .replace(/\[ONNXRuntimeError\]\s*:\s*\d+\s*:\s*[A-Z_]+\s*:\s*/g, "")
    .replace(/(?:[A-Za-z]:)?[\\/](?:mnt|home|build|Users|__w|onnxruntime_src)[\\/][^\s"']*/g, "")
    .replace(/\s+/g, " ")
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
