/** Inference on WebGPU: https://onnxruntime.ai (MIT). Loads 17 MB on first use: import it only dynamically. */
export { env, InferenceSession, Tensor } from "npm:onnxruntime-web@1.30.0/jspi";
