#!/usr/bin/env python3
"""The control plane with 10,000 assets: one asset read, one page listed, and 200 clients that poll jobs at the SDK's pace.
Floors beside it, by turns: the barest handler of the same server over the same connection (GET /health), and the same row
read from the database file by SQLite alone.

    bench/control_plane.py [--assets 10000] [--rounds 200] [--clients 200] [--seconds 60]
    bench/control_plane.py --home FOLDER --keep     # against a server that runs already; its assets stay

A time is that of a client on the same machine, over one kept connection without TLS: the server's own and what HTTP and
the client cost. The floor says how much of it that is.
"""

import argparse
import concurrent.futures
import http.client
import json
import os
import pathlib
import sqlite3
import ssl
import statistics
import threading
import time
import uuid

from common import Server, machine, show

API = "api-version=2024-04-01"
ADDRESS = "azureml://datastores/workspaceblobstore/paths/bench/rows.csv"
TAGS = {"team": "bench", "note": "what a person writes about an asset, a line or so"}


class Attached(Server):
    """A server that somebody else started."""

    def __init__(self, home):
        self.home = pathlib.Path(home)
        self.port = int(self.info["url"].rsplit(":", 1)[1])
        self.http_port = int(self.info["httpUrl"].rsplit(":", 1)[1])

    def start(self):
        pass

    stop = remove = start


class Connection:
    """One kept connection."""

    def __init__(self, server, tls=False):
        server.request("GET", "/health")  # reads the token and the trusted certificate
        self.headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
        self.link = (http.client.HTTPSConnection("localhost", server.port, context=ssl.create_default_context(
            cafile=str(server.home / "tls/ca.pem")), timeout=60) if tls
            else http.client.HTTPConnection("localhost", server.http_port, timeout=60))

    def call(self, method, path, body=None):
        self.link.request(method, path, None if body is None else json.dumps(body), self.headers)
        answer = self.link.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]}")
        return text


def bodies(count, stem):
    """(path below the workspace, properties): names of several kinds, and one name with a fifth of all versions."""
    data = {"dataType": "uri_file", "dataUri": ADDRESS, "description": "rows", "tags": TAGS}
    environment = {"image": "python:3.11", "description": "an interpreter", "tags": TAGS}
    model = {"modelType": "custom_model", "modelUri": ADDRESS, "description": "weights", "tags": TAGS}
    component = {"isAnonymous": False, "description": "copies", "tags": TAGS, "componentSpec": {
        "name": "x", "version": "1", "type": "command", "command": "true",
        "environment": "azureml:AzureML-sklearn-1.5@latest", "inputs": {}, "outputs": {}}}
    kinds = (("data", data), ("environments", environment), ("models", model), ("components", component))
    for number in range(count):
        if number % 5 == 4:
            yield f"data/{stem}-versions/versions/{number // 5 + 1}", data
        else:
            kind, properties = kinds[number % 5]
            if kind == "components":
                spec = {**properties["componentSpec"], "name": f"{stem}-{number}"}
                properties = {**properties, "componentSpec": spec}
            yield f"{kind}/{stem}-{number}/versions/1", properties


def fill(server, workspace, count, stem):
    local = threading.local()

    def put(item):
        if not hasattr(local, "connection"):
            local.connection = Connection(server)
        local.connection.call("PUT", f"{workspace}/{item[0]}?{API}", {"properties": item[1]})

    start = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(put, bodies(count, stem)))
    return time.perf_counter() - start


def timed(work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def reads(server, workspace, rounds, stem):
    connection = Connection(server)
    database = sqlite3.connect(f"file:{server.home / 'atelier.db'}?mode=ro", uri=True)
    row = ("SELECT properties FROM asset WHERE workspace_id = ? AND kind = 'data' AND name = ? AND version = '1'")
    owner = database.execute("SELECT workspace_id FROM asset WHERE name = ?", (f"{stem}-0",)).fetchone()[0]
    get = lambda path: lambda: connection.call("GET", f"{workspace}/{path}{'&' if '?' in path else '?'}{API}")
    what = {
        "floor: GET /health": lambda: connection.call("GET", "/health"),
        "floor: the row by SQLite alone": lambda: database.execute(row, (owner, f"{stem}-0")).fetchone(),
        "get a data version": get(f"data/{stem}-0/versions/1"),
        "get an environment version": get(f"environments/{stem}-1/versions/1"),
        "get a model version": get(f"models/{stem}-2/versions/1"),
        "get a component version": get(f"components/{stem}-3/versions/1"),
        "get a data name with many versions": get(f"data/{stem}-versions"),
        "list a page of 200 data names": get("data?listViewType=ActiveOnly"),
        "list a page of 200 model names": get("models?listViewType=ActiveOnly"),
        "list a page of 200 versions": get(f"data/{stem}-versions/versions?listViewType=ActiveOnly"),
        "the newest version ($top=1)": get(f"data/{stem}-versions/versions?$orderBy=createdtime%20desc&$top=1"),
        "list versions by a tag": get(f"data/{stem}-versions/versions?tags=team=bench"),
    }
    for work in what.values():
        for _ in range(10):
            work()
    times = {name: [] for name in what}
    for _ in range(rounds):
        for name, work in what.items():
            times[name].append(timed(work))
    return times


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def poll(server, workspace, clients, seconds):
    """Each client over a TLS connection of its own: the job and its run's details every 2 s, as `jobs.stream` asks at its
    fastest, and the list of jobs every 10 s."""
    environment = f"bench-{uuid.uuid4().hex[:8]}"
    server.request("PUT", f"{workspace}/environments/{environment}/versions/1?{API}", {"properties": {"image": "python:3.11"}})
    job = f"bench-{uuid.uuid4().hex[:12]}"
    server.request("PUT", f"{workspace}/jobs/{job}?{API}", {"properties": {
        "jobType": "Command", "command": f"sleep {seconds + 60}", "experimentName": "bench", "computeId": "serverless",
        "environmentId": f"azureml:{environment}:1"}})
    times, errors, lock = {"get job": [], "get run details": [], "list jobs": []}, [], threading.Lock()
    end = time.monotonic() + seconds

    def client(number):
        mine = {name: [] for name in times}
        try:
            connection = Connection(server, tls=True)
            time.sleep(2 * number / clients)
            turn = 0
            while time.monotonic() < end:
                began = time.monotonic()
                mine["get job"].append(timed(lambda: connection.call("GET", f"{workspace}/jobs/{job}?{API}")))
                mine["get run details"].append(timed(lambda: connection.call("GET", f"/history/v1.0{workspace}/runs/{job}/details")))
                if turn % 5 == 0:
                    mine["list jobs"].append(timed(lambda: connection.call("GET", f"{workspace}/jobs?{API}&listViewType=ActiveOnly")))
                turn += 1
                time.sleep(max(0, 2 - (time.monotonic() - began)))
        except Exception as problem:  # counted: any is one too many
            with lock:
                errors.append(repr(problem))
        with lock:
            for name, values in mine.items():
                times[name].extend(values)

    pid = server.info["pid"]
    before, start = processor_seconds(pid), time.perf_counter()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - start
    used = processor_seconds(pid) - before
    server.request("POST", f"{workspace}/jobs/{job}/cancel?{API}")
    return times, errors, wall, used


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--assets", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--home")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    server = Attached(options.home) if options.home else Server()
    try:
        server.start()
        print(machine(), "load", os.getloadavg())
        workspace, stem = server.workspace, f"b{uuid.uuid4().hex[:6]}"
        took = fill(server, workspace, options.assets, stem)
        print(f"made {options.assets} assets in {took:.0f} s, {options.assets / took:.0f} a second, 8 connections")
        show(f"{options.assets} assets, reads one at a time", reads(server, workspace, options.rounds, stem), "ms")
        times, errors, wall, used = poll(server, workspace, options.clients, options.seconds)
        show(f"{options.clients} clients polling for {wall:.0f} s", times, "ms")
        count = sum(map(len, times.values()))
        slow = statistics.quantiles([t for values in times.values() for t in values], n=100)[98]
        print(f"  {count / wall:.0f} requests a second, 99 of 100 within {slow:.1f} ms, {len(errors)} errors,"
              f" the server used {100 * used / wall:.0f} % of one core")
        if errors:
            raise SystemExit("\n".join(errors[:5]))
    finally:
        if not options.keep:
            server.stop()
            server.remove()


if __name__ == "__main__":
    main()
