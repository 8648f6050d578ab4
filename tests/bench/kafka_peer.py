"""A member of a consumer group with the Python packflow over native ONNX Runtime and confluent-kafka.

    THREADS=N python kafka_peer.py HOST:PORT GROUP FROM TO MODEL.onnx FEATURE,FEATURE,... BATCH_SIZE

The usual loop, made as fast as such a loop gets: batches from the client's queue, `json.loads`, one call of the
backend, `json.dumps`, records produced without waiting, and once a second all acknowledged and then committed. It
promises what `packflow run` does: at least once, with key and time. It runs until it is stopped by SIGTERM.
"""

import json
import os
import signal
import sys
import time

import numpy as np
import onnxruntime
from confluent_kafka import Consumer, Producer
from packflow import InferenceBackend

ADDRESS, GROUP, FROM, TO, MODEL, FEATURES, BATCH_SIZE = sys.argv[1:]
COMMIT_SECONDS = 1


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


class Member:
    def __init__(self):
        self.backend = OnnxBackend(input_format="numpy", feature_names=FEATURES.split(","))
        server = {"bootstrap.servers": ADDRESS}
        self.consumer = Consumer({
            **server,
            "group.id": GROUP,
            "group.protocol": "consumer",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
        })
        self.producer = Producer({**server, "enable.idempotence": True, "linger.ms": 5})
        self.failed = None
        self.isStopped = False

    def run(self):
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "isStopped", True))
        self.consumer.subscribe([FROM], on_revoke=lambda *_: self.commit())
        last = time.monotonic()
        isNew = False
        while not self.isStopped:
            messages = self.consumer.consume(int(BATCH_SIZE), 0.1)
            if messages:
                isNew = True
                self.answer(messages)
            if isNew and time.monotonic() - last >= COMMIT_SECONDS:
                self.commit()
                last, isNew = time.monotonic(), False
        self.commit()
        self.consumer.close()

    def answer(self, messages):
        results = self.backend([json.loads(message.value()) for message in messages])
        for message, result in zip(messages, results):
            value = json.dumps(result)
            while True:
                try:
                    self.producer.produce(
                        TO, value, message.key(), timestamp=message.timestamp()[1], on_delivery=self.on_delivery
                    )
                    break
                except BufferError:
                    self.producer.poll(0.1)
        self.producer.poll(0)

    def on_delivery(self, error, _):
        self.failed = self.failed or error

    def commit(self):
        self.producer.flush()
        if self.failed is not None:
            sys.exit(f"not delivered: {self.failed}")
        try:
            self.consumer.commit(asynchronous=False)
        except Exception as error:
            # nothing new, or the partitions are another member's by now: they come again
            print(error, file=sys.stderr)


Member().run()
