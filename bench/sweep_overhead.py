#!/usr/bin/env python3
"""What a sweep costs a trial: a grid of trivial trials, and as many command jobs submitted at once beside it, by turns.
The floor is the same command as bare child processes, as many at a time as the machine has cores.

    bench/sweep_overhead.py [--trials 200] [--runs 3]
"""

import argparse
import concurrent.futures
import os
import subprocess
import time
import uuid

from common import Server, machine, milliseconds, show
from job_overhead import FINAL

VERSION = "api-version=2024-04-01"


def settle(server, workspace, names, pause):
    left = list(names)
    while left:
        left = [n for n in left if server.request("GET", f"{workspace}/jobs/{n}?{VERSION}")["properties"]["status"] not in FINAL]
        if left:
            time.sleep(pause)


def sweep(server, workspace, environment, trials):
    name = f"sweep-{uuid.uuid4().hex[:12]}"
    body = {"properties": {
        "jobType": "Sweep", "experimentName": "bench", "computeId": "serverless",
        "trial": {"command": "true ${{search_space.n}}", "environmentId": environment},
        "searchSpace": {"n": ["choice", [list(range(trials))]]}, "samplingAlgorithm": {"samplingAlgorithmType": "Grid"},
        "objective": {"goal": "maximize", "primaryMetric": "none"},
        "limits": {"maxTotalTrials": trials}}}
    start = time.perf_counter()
    server.request("PUT", f"{workspace}/jobs/{name}?{VERSION}", body)
    settle(server, workspace, [name], 0.05)
    whole = milliseconds(start)
    done = server.request("GET", f"{workspace}/atelier/jobs/{name}/trials?{VERSION}")["value"]
    if [t["status"] for t in done] != ["Completed"] * trials:
        raise SystemExit(f"sweep {name}: not every trial is completed")
    return whole / trials


def jobs(server, workspace, environment, count):
    names = [f"job-{uuid.uuid4().hex[:12]}" for _ in range(count)]
    start = time.perf_counter()
    for n, name in enumerate(names):
        server.request("PUT", f"{workspace}/jobs/{name}?{VERSION}", {"properties": {
            "jobType": "Command", "command": f"true {n}", "environmentId": environment, "experimentName": "bench",
            "computeId": "serverless"}})
    settle(server, workspace, names, 0.05)
    return milliseconds(start) / count


def bare(count):
    start = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda n: subprocess.run(["bash", "-c", f"true {n}"], check=True), range(count)))
    return milliseconds(start) / count


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--trials", type=int, default=200)
    words.add_argument("--runs", type=int, default=3)
    given = words.parse_args()
    server = Server()
    try:
        server.start()
        workspace = server.workspace
        server.request("PUT", f"{workspace}/environments/bare/versions/1?{VERSION}", {"properties": {"image": "python:3.11-slim"}})
        environment = f"{workspace}/environments/bare/versions/1"
        jobs(server, workspace, environment, 4)
        rows = {name: [] for name in ("bare child processes: each", "command jobs: each", "sweep: each trial",
                                      "overhead: trial minus job, pair by pair")}
        for _ in range(given.runs):
            floor, plain, tried = (bare(given.trials), jobs(server, workspace, environment, given.trials),
                                   sweep(server, workspace, environment, given.trials))
            for name, value in zip(rows, (floor, plain, tried, tried - plain)):
                rows[name].append(value)
        show(f"{given.trials} trivial trials", rows, "ms")
        print(f"\n{machine()}")
        server.stop()
    finally:
        server.remove()


if __name__ == "__main__":
    main()
