"""The Python packflow over native ONNX Runtime, the peer of `packflow:OnnxBackend`.

    THREADS=N python onnx_peer.py MODEL.onnx FEATURE,FEATURE,... BATCH_SIZE INPUT.ndjson OUTPUT.ndjson

One float32 input of shape [events, features]; a result has every output of the model under its own name.
Batch size 1 calls the backend with single events. THREADS is ONNX Runtime's number of threads within an operator;
left out, ONNX Runtime takes all cores.
"""

import os
import sys

import numpy as np
import onnxruntime
from packflow import InferenceBackend

from stream_events import stream_events


class OnnxBackend(InferenceBackend):
    def initialize(self):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = int(os.environ.get("THREADS", "0"))
        self.session = onnxruntime.InferenceSession(MODEL, options, providers=["CPUExecutionProvider"])
        self.input_name = self.session.get_inputs()[0].name
        self.output_names = [output.name for output in self.session.get_outputs()]

    def execute(self, inputs):
        outputs = self.session.run(None, {self.input_name: np.asarray(inputs, dtype=np.float32)})
        columns = [output.tolist() for output in outputs]
        return [dict(zip(self.output_names, row)) for row in zip(*columns)]


MODEL, FEATURES, BATCH_SIZE, INPUT, OUTPUT = sys.argv[1:]
stream_events(
    OnnxBackend(input_format="numpy", feature_names=FEATURES.split(",")), int(BATCH_SIZE), INPUT, OUTPUT
)
