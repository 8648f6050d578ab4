"""The shuttle model behind MLServer with native ONNX Runtime, a peer of `packflow serve`.

    BATCH=N python serve_mlserver.py MODEL.onnx PORT GRPC_PORT METRICS_PORT

Open Inference Protocol v2 at /v2/models/shuttle/infer: one tensor in, every output of the model out. BATCH is the
size to which MLServer's adaptive batching merges requests; left out, it merges none. Everything runs in one process,
since the worker pool of MLServer 1.7.1 fails on current event loops of Python. It counts requests for Prometheus, as
Packflow does, and neither logs each request nor packs answers.
"""

import asyncio
import os
import sys

import numpy as np
import onnxruntime
from mlserver import MLModel, MLServer, ModelSettings, Settings
from mlserver.codecs import NumpyCodec
from mlserver.settings import ModelParameters
from mlserver.types import InferenceRequest, InferenceResponse


class OnnxModel(MLModel):
    async def load(self) -> bool:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(MODEL, options, providers=["CPUExecutionProvider"])
        self.input_name = self.session.get_inputs()[0].name
        self.output_names = [output.name for output in self.session.get_outputs()]
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        data = NumpyCodec.decode_input(payload.inputs[0])
        outputs = self.session.run(None, {self.input_name: np.asarray(data, dtype=np.float32)})
        return InferenceResponse(
            model_name=self.name,
            outputs=[NumpyCodec.encode_output(name, each) for name, each in zip(self.output_names, outputs)],
        )


async def main() -> None:
    settings = Settings(
        debug=False,
        host="127.0.0.1",
        http_port=int(PORT),
        grpc_port=int(GRPC_PORT),
        metrics_port=int(METRICS_PORT),
        parallel_workers=0,
        load_models_at_startup=False,
        gzip_enabled=False,
    )
    batch = int(os.environ.get("BATCH", "1"))
    model = ModelSettings(
        name="shuttle",
        implementation=OnnxModel,
        parameters=ModelParameters(),
        max_batch_size=batch if batch > 1 else 0,
        max_batch_time=0.001 if batch > 1 else 0,
    )
    await MLServer(settings).start([model])


MODEL, PORT, GRPC_PORT, METRICS_PORT = sys.argv[1:]
asyncio.run(main())
