# Runs behind the recipe of docs/scale-out.md, and prints what came of it.
import json
import time

start = time.monotonic()
lines = answers.collect()
seconds = time.monotonic() - start
with open("answers.ndjson", "w") as file:
    file.writelines(line + "\n" for line in lines)
report = {
    "seconds": seconds,
    "partitions": answers.getNumPartitions(),
    "columns": [list(column) for column in table.dtypes],
    "rows": table.count(),
    "bad": table.filter("id is null or label is null or probabilities[1] is null or error is not null").count(),
}

context = spark.sparkContext
with_path = dict(os.environ)
some = events.take(1000)
broken = context.parallelize(["{broken" if index in (300, 301, 900) else line for index, line in enumerate(some)], 2)


def outcome(rdd):
    """The number of lines, or why the job failed."""
    try:
        return rdd.count()
    except Exception as error:
        found = [line for line in str(error).splitlines() if "Error" in line or "error code" in line]
        return "; ".join(found)


emit = "packflow run phishing --on-error emit"
passing = f"sh -c '{emit} || test $? -eq 3'"
report["fail_checked"] = outcome(broken.pipe("packflow run phishing", env=with_path, checkCode=True))
report["fail_unchecked"] = outcome(broken.pipe("packflow run phishing", env=with_path))
report["emit_checked"] = outcome(broken.pipe(emit, env=with_path, checkCode=True))
passed = broken.pipe(passing, env=with_path, checkCode=True)
report["passed"] = outcome(passed)
errors = spark.read.json(passed, schema=columns).filter("error is not null")
report["errors"] = [row.error.code for row in errors.collect()]
report["unloadable"] = outcome(broken.pipe("packflow run nothing", env=with_path, checkCode=True))
report["unloadable_passing"] = outcome(broken.pipe(passing.replace("phishing", "nothing"), env=with_path, checkCode=True))
report["without_path"] = outcome(broken.pipe("packflow run phishing", checkCode=True))
report["empty"] = outcome(context.parallelize([], 3).pipe(program, env=with_path, checkCode=True))
print(json.dumps(report))
