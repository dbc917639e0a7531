"""A step of the fault tests. It keeps a diary outside the server: every start of it, and every metric that the server
acknowledged. It works until a file `go` appears. Standard library only, so that a bare interpreter runs it."""

import json
import os
import pathlib
import sys
import time
import urllib.request

side, name, given, target = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])
run = os.environ["MLFLOW_RUN_ID"]


def note(file, line):
    with open(side / file, "a") as out:
        out.write(line + "\n")
        out.flush()
        os.fsync(out.fileno())


def log_metric(step):
    request = urllib.request.Request(
        os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-metric", method="POST",
        headers={"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"], "Content-Type": "application/json"},
        data=json.dumps({"run_id": run, "key": "work", "value": float(step), "timestamp": int(time.time() * 1000), "step": step}).encode())
    with urllib.request.urlopen(request, timeout=10) as answer:
        answer.read()


note("starts", f"{name} {run} {os.getpid()}")
print("started", name, flush=True)
step = 0
while not (side / f"go-{name}").exists():
    try:
        log_metric(step)
        note("acknowledged", f"{run} {step}")
    except OSError as problem:
        note("refused", f"{run} {step} {problem}")
    step += 1
    time.sleep(0.01)
before = pathlib.Path(given).read_text() if given != "-" and os.path.isfile(given) else (
    "".join(sorted(p.read_text() for p in pathlib.Path(given).glob("*.txt"))) if given != "-" else "")
target.mkdir(parents=True, exist_ok=True)
(target / "result.txt").write_text(before + name + ";")
note("ends", name)
print("ended", name, flush=True)
