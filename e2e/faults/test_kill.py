"""kill -9 of the server: what it acknowledged is there afterwards, and no step runs twice."""

import json
import os
import pathlib
import signal
import threading
import time

import pytest
from launcher import FINAL, wait_for


def submit(atelier, pipeline):
    return json.loads(atelier.run("job", "create", "-f", pipeline, "-o", "json").stdout)["name"]


def children(atelier, parent):
    graph = atelier.get(f"{atelier.workspace}/atelier/jobs/{parent}/graph")
    return {n["name"]: n for n in graph["nodes"]}


def metric_steps(atelier, run):
    path = f"/mlflow/v2.0{atelier.workspace}/api/2.0/mlflow/metrics/get-history"
    steps, page = [], ""
    while True:
        answer = atelier.get(path, params={"run_id": run, "metric_key": "work", "max_results": 10000, "page_token": page})
        steps += [int(m.get("step", 0)) for m in answer.get("metrics", [])]
        page = answer.get("next_page_token", "")
        if not page:
            return steps


class Writer(threading.Thread):
    """Writes assets and artifacts until the server is gone, and remembers each acknowledgement."""

    def __init__(self, atelier):
        super().__init__(daemon=True)
        self.atelier, self.assets, self.blobs = atelier, [], []
        self.workspace = atelier.workspace
        self.container = atelier.get(f"{self.workspace}/datastores/workspaceblobstore")["properties"]["containerName"]
        self.stopped = False

    def run(self):
        number = 0
        while not self.stopped:
            try:
                blob = f"{self.container}/kill/{number}.txt"
                body = f"number {number} ".encode() * 500
                put = self.atelier.request("PUT", f"/blob/atelier/{blob}", data=body,
                                           headers={"x-ms-blob-type": "BlockBlob", "x-ms-version": "2023-11-03"})
                if put.status_code == 201:
                    self.blobs.append((blob, body))
                asset = f"{self.workspace}/data/killed/versions/{number + 1}"
                made = self.atelier.request("PUT", asset, json={"properties": {
                    "dataType": "uri_file", "dataUri": f"azureml://datastores/workspaceblobstore/paths/kill/{number}.txt"}})
                if made.status_code in (200, 201):
                    self.assets.append(asset)
            except OSError:
                time.sleep(0.02)
            number += 1


def test_everything_acknowledged_survives_and_nothing_runs_twice(fresh_atelier, two_steps, diary):
    fresh_atelier.up()
    writer = Writer(fresh_atelier)
    writer.start()
    pipeline = submit(fresh_atelier, two_steps)
    wait_for("the first step", diary.starts)
    wait_for("some metrics", lambda: len(diary.lines("acknowledged")) > 20)
    fresh_atelier.kill()
    writer.stopped = True
    writer.join(60)
    assert len(writer.blobs) > 5 and len(writer.assets) > 5
    fresh_atelier.up()

    for path, body in writer.blobs:
        answer = fresh_atelier.request("GET", f"/blob/atelier/{path}", headers={"x-ms-version": "2023-11-03"})
        assert answer.status_code == 200 and answer.content == body, path
    for path in writer.assets:
        fresh_atelier.get(path)
    first = diary.starts()[0][1]
    assert children(fresh_atelier, pipeline)["first"]["job"] == first
    assert fresh_atelier.status(first) == "Running"

    # The step outlived the server and still reaches the new one.
    seen = len(diary.lines("acknowledged"))
    wait_for("metrics after the restart", lambda: len(diary.lines("acknowledged")) > seen + 5)
    diary.go("first", "second")
    wait_for("the pipeline's end", lambda: fresh_atelier.status(pipeline) in FINAL)
    assert fresh_atelier.status(pipeline) == "Completed"
    assert [s[0] for s in diary.starts()] == ["first", "second"]
    assert diary.lines("ends") == ["first", "second"]
    for run in {s[1] for s in diary.starts()}:
        acknowledged = [int(line.split()[1]) for line in diary.lines("acknowledged") if line.split()[0] == run]
        kept = metric_steps(fresh_atelier, run)
        assert set(acknowledged) <= set(kept), sorted(set(acknowledged) - set(kept))
        assert len(kept) == len(set(kept)), "a metric was kept twice"


@pytest.mark.parametrize("delay", [0.0, 0.15, 0.4, 0.9])
def test_a_kill_at_any_moment_of_the_start_doubles_nothing(fresh_atelier, two_steps, diary, delay):
    fresh_atelier.up()
    diary.go("first", "second")
    pipeline = submit(fresh_atelier, two_steps)
    time.sleep(delay)
    fresh_atelier.kill()
    fresh_atelier.up()
    wait_for("the pipeline's end", lambda: fresh_atelier.status(pipeline) in FINAL)
    starts = [s[0] for s in diary.starts()]
    assert len(starts) == len(set(starts)), starts
    if fresh_atelier.status(pipeline) == "Completed":
        assert starts == ["first", "second"]
    else:
        assert said_why(fresh_atelier, pipeline)


def test_a_step_that_died_with_the_server_is_marked_lost_and_not_run_again(fresh_atelier, two_steps, diary):
    fresh_atelier.up()
    pipeline = submit(fresh_atelier, two_steps)
    job = wait_for("the first step", diary.starts)[0][1]
    fresh_atelier.kill()
    end_processes_of(job)
    fresh_atelier.up()
    wait_for("the pipeline's end", lambda: fresh_atelier.status(pipeline) in FINAL)
    assert fresh_atelier.status(job) in ("Failed", "NotResponding")
    assert fresh_atelier.status(pipeline) in ("Failed", "NotResponding")
    assert said_why(fresh_atelier, job)
    assert [s[0] for s in diary.starts()] == ["first"]


def said_why(atelier, job):
    properties = atelier.job(job)["properties"]
    details = atelier.get(f"/history/v1.0{atelier.workspace}/runs/{job}/details")
    return (properties.get("error") or details.get("error")) is not None


def end_processes_of(job):
    """kill -9 of the job's own processes, its supervisor among them: those that carry its id in their environment, and
    the parents of these up to the session's leader."""
    found = set()
    for process in pathlib.Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if f"AZUREML_RUN_ID={job}".encode() in (process / "environ").read_bytes().split(b"\0"):
                    found.add(int(process.name))
                    session = int((process / "stat").read_text().rsplit(")", 1)[1].split()[3])
                    found.add(session)
            except (OSError, IndexError):
                continue
    found -= {os.getpid(), os.getsid(0), 1}
    assert found
    for pid in found:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def test_a_second_server_on_the_same_data_folder_is_refused(fresh_atelier):
    fresh_atelier.up()
    running = fresh_atelier.server()["pid"]
    fresh_atelier.run("up", "--detach", "--port", fresh_atelier.port + 2, check=False)
    assert fresh_atelier.server()["pid"] == running
