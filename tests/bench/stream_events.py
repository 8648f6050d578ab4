"""What both peers share: the loop from lines of JSON in one file to lines of JSON in another.

It does what `packflow run` does, in the plainest Python: read lines, `json.loads`, call the backend, `json.dumps`.
The clock starts when the backend is loaded and stops after the last write. The last line on standard error says
{"rows": ..., "seconds": ...}.
"""

import json
import sys
import time


def stream_events(backend, batch_size, input_path, output_path):
    started = time.perf_counter()
    with open(input_path, encoding="utf-8") as source, open(output_path, "w", encoding="utf-8") as sink:
        if batch_size == 1:
            rows = stream_single(backend, source, sink)
        else:
            rows = stream_batches(backend, batch_size, source, sink)
    seconds = time.perf_counter() - started
    print(json.dumps({"rows": rows, "seconds": seconds}), file=sys.stderr)


def stream_single(backend, source, sink):
    """One event a call, as the original takes it: an object in, an object out."""
    rows = 0
    for line in source:
        sink.write(json.dumps(backend(json.loads(line))) + "\n")
        rows += 1
    return rows


def stream_batches(backend, batch_size, source, sink):
    rows, batch = 0, []
    for line in source:
        batch.append(json.loads(line))
        if len(batch) == batch_size:
            rows += answer(backend, batch, sink)
            batch = []
    return rows + answer(backend, batch, sink) if batch else rows


def answer(backend, batch, sink):
    sink.writelines([json.dumps(result) + "\n" for result in backend(batch)])
    return len(batch)
