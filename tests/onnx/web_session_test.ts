import { openWebSession } from "../../lib/onnx/web_session.ts";
import { sessionContract } from "../contract/session.ts";

sessionContract("wasm", (model) => openWebSession(model, "model.onnx"));
