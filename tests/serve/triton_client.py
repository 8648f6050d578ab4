"""Asks a server of Open Inference Protocol v2 through NVIDIA's client and prints what that makes of the answers.

    python triton_client.py HOST:PORT MODEL TEXT_MODEL < QUESTION.json

The question has the rows of a tensor "X" and the texts of events for TEXT_MODEL.
"""

import json
import sys

import numpy as np
import tritonclient.http as http
from tritonclient.utils import InferenceServerException


def tensor(name, values, datatype, binary=True):
    each = http.InferInput(name, list(values.shape), datatype)
    each.set_data_from_numpy(values, binary_data=binary)
    return each


def outputs_of(result):
    outputs = {}
    for output in result.get_response()["outputs"]:
        values = result.as_numpy(output["name"])
        texts = values.dtype == object
        outputs[output["name"]] = {
            "datatype": output["datatype"],
            "shape": output["shape"],
            "dtype": str(values.dtype),
            "is_binary": "data" not in output,
            "values": [each.decode() if isinstance(each, bytes) else str(each) for each in values.flatten()]
            if texts
            else values.tolist(),
        }
    return outputs


def refusal(ask):
    try:
        ask()
    except InferenceServerException as error:
        return [error.status(), error.message()]
    return None


def main():
    url, model, text_model = sys.argv[1:]
    question = json.load(sys.stdin)
    rows = np.array(question["rows"], dtype=np.float32)
    texts = np.array([text.encode() for text in question["texts"]], dtype=object)
    client = http.InferenceServerClient(url, concurrency=8)
    said = {
        "live": client.is_server_live(),
        "ready": client.is_server_ready(),
        "model_ready": client.is_model_ready(model),
        "other_ready": client.is_model_ready("no_such_model"),
        "server": client.get_server_metadata(),
        "model": client.get_model_metadata(model),
        "text_model": client.get_model_metadata(text_model),
        "infer": {},
    }
    version = said["model"]["versions"][0]
    said["version_ready"] = client.is_model_ready(model, version)
    names = [output["name"] for output in said["model"]["outputs"]]
    for binary_in in (False, True):
        for binary_out in (False, True):
            result = client.infer(
                model,
                [tensor("X", rows, "FP32", binary_in)],
                model_version=version,
                request_id="seven",
                outputs=[http.InferRequestedOutput(name, binary_data=binary_out) for name in names],
            )
            said["infer"][f"{binary_in} {binary_out}"] = outputs_of(result)
            said["id"] = result.get_response()["id"]
    said["all_outputs"] = outputs_of(client.infer(model, [tensor("X", rows, "FP32")]))
    some = [http.InferRequestedOutput("label")]
    said["one_output"] = outputs_of(client.infer(model, [tensor("X", rows, "FP32")], outputs=some))
    at_once = [client.async_infer(model, [tensor("X", rows[at : at + 1], "FP32")]) for at in range(len(rows))]
    said["async"] = [outputs_of(each.get_result())["label"]["values"][0] for each in at_once]
    said["texts"] = {
        str(binary): outputs_of(client.infer(text_model, [tensor("event", texts, "BYTES", binary)]))
        for binary in (False, True)
    }
    wrong = tensor("X", rows[:, :-1].copy(), "FP32")
    said["refusals"] = {
        "model": refusal(lambda: client.infer("no_such_model", [tensor("X", rows, "FP32")])),
        "version": refusal(lambda: client.infer(model, [tensor("X", rows, "FP32")], model_version="999.0.0")),
        "name": refusal(lambda: client.infer(model, [tensor("Y", rows, "FP32")])),
        "shape": refusal(lambda: client.infer(model, [wrong])),
        "type": refusal(lambda: client.infer(model, [tensor("X", rows.astype(np.float64), "FP64")])),
        "output": refusal(
            lambda: client.infer(model, [tensor("X", rows, "FP32")], outputs=[http.InferRequestedOutput("Z")])
        ),
        "packed": refusal(
            lambda: client.infer(model, [tensor("X", rows, "FP32")], request_compression_algorithm="gzip")
        ),
    }
    client.close()
    print(json.dumps(said))


main()
