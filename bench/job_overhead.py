#!/usr/bin/env python3
"""From submitting a command job to its first log line, environment warm; the same command as a bare child process beside
it, interleaved. The difference is what Atelier costs.

    bench/job_overhead.py [--runs 30]
"""

import argparse
import subprocess
import time
import uuid

from common import Server, machine, milliseconds, show

FINAL = {"Completed", "Failed", "Canceled", "NotResponding"}
# The line carries the moment it was printed: looking at the log does not count.
PRINT = "python -c 'import sys, time; print(\"at\", time.time_ns(), sys.executable, flush=True)'"


def wait(server, workspace, name):
    while True:
        job = server.request("GET", f"{workspace}/jobs/{name}?api-version=2024-04-01")["properties"]
        if job["status"] in FINAL:
            return job
        time.sleep(0.05)


def submit(server, workspace, environment):
    name = f"bench-{uuid.uuid4().hex[:12]}"
    body = {"properties": {"jobType": "Command", "command": PRINT, "environmentId": environment, "experimentName": "bench",
                           "computeId": "serverless"}}
    wall, start = time.time_ns(), time.perf_counter()
    server.request("PUT", f"{workspace}/jobs/{name}?api-version=2024-04-01", body)
    accepted = milliseconds(start)
    while True:
        try:
            text = server.request("GET", f"{workspace}/atelier/jobs/{name}/logs/user_logs/std_log.txt")
        except OSError:
            text = ""
        if "\n" in str(text):
            visible = milliseconds(start)
            break
        time.sleep(0.002)
    job = wait(server, workspace, name)
    whole = milliseconds(start)
    if job["status"] != "Completed":
        raise SystemExit(f"job {name}: {job['status']}")
    words = next(line for line in str(text).splitlines() if line.startswith("at ")).split()
    return accepted, (int(words[1]) - wall) / 1e6, visible, whole, words[2]


def bare(python):
    command = PRINT.replace("python", python, 1)
    wall, start = time.time_ns(), time.perf_counter()
    done = subprocess.run(["bash", "-c", command], text=True, capture_output=True, check=True)
    whole = milliseconds(start)
    return (int(done.stdout.split()[1]) - wall) / 1e6, whole


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--runs", type=int, default=30)
    given = words.parse_args()
    server = Server()
    try:
        server.start()
        workspace = server.workspace
        server.request("PUT", f"{workspace}/environments/bare/versions/1?api-version=2024-04-01",
                       {"properties": {"image": "python:3.11-slim"}})
        environment = f"{workspace}/environments/bare/versions/1"
        python = submit(server, workspace, environment)[-1]
        rows = {name: [] for name in (
            "bare child process: to its first line", "job: to its first line", "overhead: job minus bare, pair by pair",
            "job: accepted", "job: first line visible to a client", "bare child process: to its end", "job: to Completed")}
        for _ in range(given.runs):
            floor, floor_end = bare(python)
            accepted, printed, visible, whole, _ = submit(server, workspace, environment)
            for name, value in zip(rows, (floor, printed, printed - floor, accepted, visible, floor_end, whole)):
                rows[name].append(value)
        show("Command job, warm environment", rows, "ms")
        print(f"\n{machine()}")
        server.stop()
    finally:
        server.remove()


if __name__ == "__main__":
    main()
