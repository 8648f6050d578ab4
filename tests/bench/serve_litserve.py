"""The shuttle model behind LitServe with native ONNX Runtime, a peer of `packflow serve`.

    BATCH=N python serve_litserve.py MODEL.onnx FEATURE,FEATURE,... PORT

POST /predict takes one event, an object, and answers every output of the model under its own name. BATCH is the size
to which LitServe merges requests; left out, it merges none.
"""

import os
import sys

import litserve
import numpy as np
import onnxruntime


class OnnxApi(litserve.LitAPI):
    def setup(self, device):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(MODEL, options, providers=["CPUExecutionProvider"])
        self.input_name = self.session.get_inputs()[0].name
        self.output_names = [output.name for output in self.session.get_outputs()]

    def decode_request(self, request):
        return [request[name] for name in NAMES]

    def batch(self, inputs):
        return inputs

    def predict(self, rows):
        data = np.asarray(rows if BATCH > 1 else [rows], dtype=np.float32)
        columns = [output.tolist() for output in self.session.run(None, {self.input_name: data})]
        return [dict(zip(self.output_names, row)) for row in zip(*columns)]

    def unbatch(self, output):
        return output

    def encode_response(self, output):
        return output if BATCH > 1 else output[0]


MODEL, FEATURES, PORT = sys.argv[1:]
NAMES = FEATURES.split(",")
BATCH = int(os.environ.get("BATCH", "1"))

if __name__ == "__main__":
    api = OnnxApi(max_batch_size=BATCH, batch_timeout=0.001 if BATCH > 1 else 0)
    server = litserve.LitServer(api, accelerator="cpu")
    server.run(host="127.0.0.1", port=int(PORT), log_level="warning", generate_client_file=False)
