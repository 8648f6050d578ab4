import { type AnyBackend, type BackendClass, InferenceBackend } from "../backend/inference_backend.ts";
import { PackflowError } from "../base/errors.ts";
import { isObject, kindOf } from "../base/json.ts";
import { nearestName } from "../base/nearest_name.ts";

/**
 * The backend class that a module exports under a name.
 *
 * @throws {PackflowError} `backend.missing_export`, `backend.wrong_export`.
 */
export function backendClassOf(
  exports: Readonly<Record<string, unknown>>,
  name: string,
  file: string,
): BackendClass<AnyBackend> {
  if (!Object.hasOwn(exports, name)) throw missingExport(exports, name, file);
  const value = exports[name];
  if (isBackendClass(value)) return value;
  const message = `Cannot load "${name}" of "${file}" as it must be a class that extends InferenceBackend`;
  throw new PackflowError("backend.wrong_export", `${message}: ${describe(value)}`, {
    place: { file },
    ...(value instanceof InferenceBackend
      ? { remedy: `Export the class itself: loading builds it, with the options it is given` }
      : {}),
  });
}

function isBackendClass(value: unknown): value is BackendClass<AnyBackend> {
  return typeof value === "function" && value.prototype instanceof InferenceBackend;
}

function missingExport(
  exports: Readonly<Record<string, unknown>>,
  name: string,
  file: string,
): PackflowError {
  const names = Object.keys(exports).sort();
  const near = nearestName(name, names);
  const has = names.length === 0
    ? "it exports nothing"
    : `it exports ${names.map((each) => `"${each}"`).join(", ")}`;
  const hint = near === undefined ? "" : `, did you mean "${near}"`;
  return new PackflowError("backend.missing_export", `Cannot load "${name}" of "${file}" as ${has}${hint}`, {
    place: { file },
    ...(names.length === 0 ? { remedy: `Write export in front of class ${name}` } : {}),
  });
}

/** What an export is, in the words of an author. */
function describe(value: unknown): string {
  if (value === InferenceBackend) return "it is InferenceBackend itself";
  if (value instanceof InferenceBackend) return "it is an instance of one";
  if (typeof value === "function") {
    const isClass = /^class\b/.test(Function.prototype.toString.call(value));
    return isClass ? "it is a class that extends something else" : "it is a function";
  }
  return isObject(value) ? "it is an object" : `it is ${kindOf(value)}`;
}
