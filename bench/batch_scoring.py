#!/usr/bin/env python3
"""Rows a second of a batch endpoint with an MLflow model without code, over many files; beside it the same reading and
`model.predict` in one bare Python process, interleaved. Then what a batch job costs that has nothing to do.

    bench/batch_scoring.py [--runs 5] [--files 100] [--rows 10000] [--workers 2]
"""

import argparse
import subprocess
import textwrap
import time

from common import Server, machine, milliseconds, show

FINAL = {"Completed", "Failed", "Canceled", "NotResponding"}
CONDA = """
name: scoring
dependencies:
  - python=3.11
  - pip:
      - mlflow==2.22.*
      - scikit-learn==1.5.2
      - pandas<2.3
"""
MAKE = """
import pathlib, sys
import numpy as np, pandas as pd, mlflow
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression
model, data, files, rows = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
dice = np.random.default_rng(7)
names = [f"f{n}" for n in range(8)]
frame = pd.DataFrame(dice.normal(size=(1000, 8)).round(6), columns=names)
fitted = LogisticRegression().fit(frame, frame.sum(axis=1) > 0)
mlflow.sklearn.save_model(fitted, model, signature=infer_signature(frame, fitted.predict(frame)))
data.mkdir(exist_ok=True)
for number in range(files):
    pd.DataFrame(dice.normal(size=(rows, 8)).round(6), columns=names).to_csv(data / f"part-{number:04d}.csv", index=False)
"""
# What a careful script would do: read, predict, write the same lines.
FLOOR = """
import pathlib, sys
import mlflow, pandas as pd
model = mlflow.pyfunc.load_model(sys.argv[1])
with open(sys.argv[3], "w") as out:
    for file in sorted(pathlib.Path(sys.argv[2]).glob("*.csv")):
        predictions = model.predict(pd.read_csv(file))
        for row, value in enumerate(predictions.tolist()):
            out.write(f"{row},{value},{file.name}\\n")
"""
NOTHING = "def run(mini_batch):\n    return mini_batch\n"


class Bench:
    def __init__(self, server):
        self.server, self.ws = server, server.workspace

    def put(self, path, properties):
        return self.server.request("PUT", f"{self.ws}{path}?api-version=2024-04-01", {"location": "local", "properties": properties})

    def wait(self, name):
        while True:
            job = self.server.request("GET", f"{self.ws}/jobs/{name}?api-version=2024-04-01")["properties"]
            if job["status"] in FINAL:
                if job["status"] != "Completed":
                    raise SystemExit(f"job {name}: {job['status']}: {job.get('error')}")
                return job
            time.sleep(0.02)

    def command(self, name, command, environment, outputs=()):
        self.put(f"/jobs/{name}", {
            "jobType": "Command", "command": command, "environmentId": environment, "experimentName": "bench",
            "outputs": {output: {"jobOutputType": "uri_folder"} for output in outputs}})
        return self.wait(name)

    def invoke(self, endpoint, uri):
        started = time.perf_counter()
        job = self.server.request(
            "POST", f"/mferp/managementfrontend{self.ws}/batchEndpoints/{endpoint}/jobs",
            {"properties": {"inputData": {"data": {"jobInputType": "UriFolder", "uri": uri}}}})
        self.wait(job["name"])
        return milliseconds(started)

    def deploy(self, endpoint, properties):
        self.put(f"/batchEndpoints/{endpoint}", {})
        self.put(f"/batchEndpoints/{endpoint}/deployments/blue", {"retrySettings": {"timeout": "PT10M"}, **properties})
        self.put(f"/batchEndpoints/{endpoint}", {"defaults": {"deploymentName": "blue"}})


def quoted(script):
    return "'" + script.replace("'", "'\\''") + "'"


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--runs", type=int, default=5)
    words.add_argument("--files", type=int, default=100)
    words.add_argument("--rows", type=int, default=10_000)
    words.add_argument("--workers", type=int, default=2)
    given = words.parse_args()
    server = Server()
    try:
        server.start()
        bench = Bench(server)
        environment = f"{bench.ws}/environments/scoring/versions/1"
        bench.put("/environments/scoring/versions/1", {"condaFile": textwrap.dedent(CONDA), "image": "python:3.11-slim"})
        sizes = f"{given.files} {given.rows}"
        bench.command("make", f"python -c {quoted(MAKE)} ${{{{outputs.model}}}}/m ${{{{outputs.data}}}} {sizes}", environment,
                      ("model", "data"))
        python = with_mlflow(server)
        here = server.folder / "floor"
        here.mkdir()
        subprocess.run([python, "-c", MAKE, here / "model", here / "data", *sizes.split()], check=True, capture_output=True)
        bench.put("/models/m/versions/1", {"modelUri": "azureml://jobs/make/outputs/model/paths/m", "modelType": "mlflow_model"})
        bench.deploy("scoring", {
            "model": {"assetId": f"{bench.ws}/models/m/versions/1"}, "environmentId": environment,
            "miniBatchSize": 5, "maxConcurrencyPerInstance": given.workers})
        bench.deploy("nothing", nothing(bench))
        bench.invoke("scoring", "azureml://jobs/make/outputs/data/paths/part-0000.csv")

        rows = {name: [] for name in ("bare process", "batch job", "job as a part of the bare process's time, in percent")}
        for _ in range(given.runs):
            started = time.perf_counter()
            subprocess.run([python, "-c", FLOOR, here / "model", here / "data", here / "out.csv"], check=True, capture_output=True)
            floor = milliseconds(started)
            job = bench.invoke("scoring", "azureml://jobs/make/outputs/data/paths/")
            for name, value in zip(rows, (floor, job, 100 * job / floor)):
                rows[name].append(value)
        total = given.files * given.rows
        show(f"{total:,} rows in {given.files} files, start to end", rows, "ms")
        show("The same", {name: [total / value * 1000 for value in rows[name]] for name in list(rows)[:2]}, "rows/s")

        empty = {name: [] for name in ("bare Python process that does nothing", "batch job of one empty file", "overhead, pair by pair")}
        for _ in range(given.runs * 4):
            started = time.perf_counter()
            subprocess.run([python, "-c", "pass"], check=True)
            floor = milliseconds(started)
            job = bench.invoke("nothing", "azureml://jobs/make/outputs/data/paths/part-0000.csv")
            for name, value in zip(empty, (floor, job, job - floor)):
                empty[name].append(value)
        show("A batch job with nothing to do", empty, "ms")
        print(f"\n{machine()}")
        server.stop()
    finally:
        server.remove()


def with_mlflow(server):
    """The interpreter that the server has built for the model."""
    for python in server.home.glob("environments/*/bin/python"):
        if subprocess.run([python, "-c", "import mlflow, sklearn"], capture_output=True).returncode == 0:
            return python
    raise SystemExit("The server has built no environment with mlflow.")


def nothing(bench):
    """Properties of a deployment of a script that does nothing, in an environment without packages."""
    bench.put("/environments/bare/versions/1", {"image": "python:3.11-slim"})
    bare = f"{bench.ws}/environments/bare/versions/1"
    script = f"open(\"${{{{outputs.code}}}}/score.py\", \"w\").write({NOTHING!r})"
    bench.command("code", f"python -c {quoted(script)}; echo w > ${{{{outputs.weights}}}}/w", bare, ("code", "weights"))
    bench.put("/codes/nothing/versions/1", {"codeUri": "azureml://jobs/code/outputs/code/paths/"})
    bench.put("/models/w/versions/1", {"modelUri": "azureml://jobs/code/outputs/weights/paths/", "modelType": "custom_model"})
    return {"model": {"assetId": f"{bench.ws}/models/w/versions/1"}, "environmentId": bare,
            "codeConfiguration": {"codeId": f"{bench.ws}/codes/nothing/versions/1", "scoringScript": "score.py"}}


if __name__ == "__main__":
    main()
