"""The backend of transform/inference.ts in the Python packflow, records format.

    python transform_peer.py BATCH_SIZE INPUT.ndjson OUTPUT.ndjson
"""

import math
import sys

from packflow import InferenceBackend
from packflow.backend.configuration import BackendConfig

from stream_events import stream_events

WEIGHTS = {"tcp": 0.1, "udp": 0.4, "icmp": 0.9, "quic": 0.2}
UNKNOWN_WEIGHT = 1.5


class Config(BackendConfig):
    threshold: float = 2.0


class Backend(InferenceBackend):
    backend_config_model = Config

    def execute(self, inputs):
        return [self.score(event) for event in inputs]

    def score(self, event):
        ratio = math.log((event["bytes_out"] + 1) / (event["bytes_in"] + 1))
        protocol = event["protocol"]
        known = protocol in WEIGHTS
        score = abs(ratio) + (WEIGHTS[protocol] if known else UNKNOWN_WEIGHT)
        return {
            "id": event["id"],
            "log_ratio": ratio,
            "protocol": protocol if known else "other",
            "score": score,
            "alert": score >= self.config.threshold,
        }


BATCH_SIZE, INPUT, OUTPUT = sys.argv[1:]
stream_events(Backend(), int(BATCH_SIZE), INPUT, OUTPUT)
