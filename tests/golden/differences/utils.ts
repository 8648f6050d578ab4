import type { Difference } from "../parity.ts";

const tensor = (shape: number[], data: number[]) => ({
  output: { $t: "ndarray", dtype: "float64", shape, data },
});
const invalid = { error: "config.invalid" };
const notNumeric = { error: "event.not_numeric" };
const blocked = { error: "event.not_object" };
const badReference = { error: "backend.invalid_reference" };
const wrongOutput = { error: "backend.wrong_output" };

export const utilsDifferences: readonly Difference[] = [
  {
    quirk: "quirk 19",
    reason: "One function reads fields: objects inside are found, and unrelated keys cannot make it fail",
    cases: {
      "get_nested_field:object-inner-not-found": { output: { c: 1 } },
      "get_nested_field:collision": { output: null },
    },
  },
  {
    quirk: "set_nested_field_direct",
    reason: "Where a value that is no object is in the way, setting a field fails instead of doing nothing",
    cases: {
      "set_nested_field_direct:blocked-by-*": blocked,
      "set_nested_field_direct:blocked-midway-leaves-partial": blocked,
    },
  },
  {
    quirk: "quirk 14",
    reason: "An empty delimiter is refused",
    cases: { "flatten_dict:delimiter-empty": invalid, "flatten_dict:collision-empty-delimiter": invalid },
  },
  {
    quirk: "quirk 17",
    reason: "A tensor holds numbers: text is refused, numeric or not",
    cases: {
      "records_to_ndarray:float-from-numeric-string": notNumeric,
      "records_to_ndarray:strings": notNumeric,
    },
  },
  {
    quirk: "quirk 17",
    reason: "Array features are spliced into the row, so that a tensor always has two dimensions",
    cases: { "records_to_ndarray:lists-3d": tensor([2, 3], [1, 2, 3, 4, 5, 6]) },
  },
  {
    quirk: "quirk 17",
    reason: "The tensor format makes float32 or float64; other types come from the model, in OnnxBackend",
    cases: {
      "records_to_ndarray:int64-from-missing-fails": null,
      "records_to_ndarray:int8-overflow": null,
      "records_to_ndarray:uint8-*": null,
      "records_to_ndarray:bool*": null,
      "records_to_ndarray:float16*": null,
    },
  },
  {
    quirk: "quirk 20",
    reason: "A tensor without columns is refused, and so is text in the place of the list of names",
    cases: {
      "records_to_ndarray:empty-features": invalid,
      "records_to_ndarray:both-empty": invalid,
      "records_to_ndarray:features-string-iterates-characters": invalid,
    },
  },
  {
    quirk: "quirk 11",
    reason:
      "Collisions are looked for on the paths in use, within reading: no function lists those of a whole event",
    cases: { "check_delimiter_collisions:*": null },
  },
  {
    quirk: "JavaScript has no array of booleans",
    reason: "One byte per truth value is an array of small integers",
    cases: { "ensure_native_types:ndarray-bool": { output: [1, 0] } },
  },
  {
    quirk: "JavaScript has no type for bytes alone",
    reason: "A Uint8Array is an array of small integers, as models give it",
    cases: { "ensure_native_types:bytes": { output: [120] } },
  },
  {
    quirk: "quirk 30",
    reason: "An object or text given instead of a list of results is refused, not taken apart",
    cases: {
      "ensure_valid_output:object-input-iterates-keys": wrongOutput,
      "ensure_valid_output:string-input-iterates-characters": wrongOutput,
    },
  },
  {
    quirk: "the project file",
    reason: "A backend is named by its file and export, such as inference.ts:Backend, not by a Python module",
    cases: {
      "inference_backend_parts:basic": badReference,
      "inference_backend_parts:dotted": badReference,
      "inference_backend_parts:empty-parts": badReference,
      "inference_backend_parts:spaces-kept": badReference,
    },
  },
  {
    quirk: "the package",
    reason:
      "Names of packages are the project's name as it is; the manifest's schema says what a name may hold",
    cases: { "normalize_archive_name:*": null },
  },
];
