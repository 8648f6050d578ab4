/** Inference, WebAssembly: https://onnxruntime.ai (MIT). Loads 14 MB on first use: import it only dynamically. */
export { env, InferenceSession, Tensor } from "npm:onnxruntime-web@1.30.0";
