/** How files begin that are taken for models, and what they are. */
const OTHER_FORMATS: readonly (readonly [start: string, kind: string])[] = [
  ["version https://git-lfs", "a Git LFS pointer: fetch the file itself with git lfs pull"],
  ["PK\x03\x04", "a ZIP archive, as PyTorch saves: export the model to ONNX"],
  ["\x89HDF", "an HDF5 file, as Keras saves: convert the model to ONNX"],
  ["\x80\x04", "a Python pickle, as joblib saves: convert the model to ONNX"],
  ["\x80\x05", "a Python pickle, as joblib saves: convert the model to ONNX"],
  ["\x1f\x8b", "gzip-compressed: decompress it"],
];

/**
 * What a file is that is taken for an ONNX model; undefined where it may be one.
 *
 * @param head Its first bytes, 32 or more unless the file is shorter.
 */
export function otherFormat(head: Uint8Array): string | undefined {
  if (head.length === 0) return "an empty file";
  const start = String.fromCharCode(...head.subarray(0, 32));
  return OTHER_FORMATS.find(([bytes]) => start.startsWith(bytes))?.[1];
}
