/** Where onnxruntime-web lies, whose WebAssembly it reads as a file: https://onnxruntime.ai (MIT). */
export function ortWebUrl(): string {
  return import.meta.resolve("npm:onnxruntime-web@1.30.0");
}

/** The version that runs models here. */
export const ORT_WEB_VERSION = "1.30.0";
