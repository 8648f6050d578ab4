# Runs behind the recipe of docs/scale-out.md, and prints what came of it.
import json

rows = sorted(answers.take_all(), key=lambda row: row["id"])
with open("answers.ndjson", "w") as file:
    for row in rows:
        answer = {"id": row["id"], "label": row["label"], "probabilities": list(row["probabilities"])}
        file.write(json.dumps(answer, default=lambda value: value.item()) + "\n")


def outcome(project):
    """An answer to an event, or why there is none."""
    try:
        return Packflow(project).ask([{"https": "x"}])
    except Exception as error:
        return str(error)


print(json.dumps({"failing": outcome("phishing"), "unloadable": outcome("nothing")}))
ray.shutdown()
