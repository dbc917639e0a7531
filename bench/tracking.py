#!/usr/bin/env python3
"""Experiments against `mlflow server` (its own defaults), interleaved: the same requests by the same small client.

    bench/tracking.py --mlflow FOLDER/bin/mlflow [--runs 100000] [--rounds 5] [--gigabyte 1.0] [--only log_metric ...]
                      [--postgres FOLDER]

With --postgres (the folder of PostgreSQL's bin/initdb and bin/postgres) both servers use a PostgreSQL of this program's
own, started with its defaults; the environments of MLflow and of this program need psycopg2 then, and there are no searches.

The floor beside logging is the database alone in the same process: one insert with a flush to disk for each point, or a
thousand inserts with one flush. MLflow's 100,000 runs are written straight into its database, since its server would
need an hour for them.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import pathlib
import random
import signal
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.parse

from common import Server, free_port, machine, milliseconds

LEARNERS = ["forest", "boosting", "logistic"]


class Client:
    """One kept connection; JSON in, JSON out."""

    def __init__(self, scheme, host, port, prefix="", token=None, trust=None):
        self.open = lambda: (http.client.HTTPSConnection(host, port, context=trust, timeout=600) if scheme == "https"
                             else http.client.HTTPConnection(host, port, timeout=600))
        self.prefix, self.headers = prefix, {"Content-Type": "application/json"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"
        self.connection = self.open()

    def call(self, method, path, body=None, raw=None):
        data = raw if raw is not None else None if body is None else json.dumps(body)
        for attempt in range(10):
            try:
                self.connection.request(method, self.prefix + path, data, self.headers)
                answer = self.connection.getresponse()
                break
            except (http.client.RemoteDisconnected, ConnectionError):
                # The server closed the connection while nothing was asked, or starts a worker anew.
                if attempt == 9:
                    raise
                self.connection.close()
                time.sleep(attempt / 10)
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text[:300]}")
        return json.loads(text) if text[:1] == b"{" else text


class Atelier:
    name = "Atelier"

    def __init__(self, database):
        self.server = Server()
        self.server.start(*(["--database", database] if database else []))
        self.server.request("GET", "/atelier/me")

    def client(self):
        port = self.server.http_port
        return Client("http", "127.0.0.1", port, "/mlflow/v2.0" + self.server.workspace, self.server.token)

    def fill(self, experiment, runs):
        """Through the API, 8 clients at once."""
        numbers = iter(range(runs))
        lock = threading.Lock()

        def work():
            client = self.client()
            while True:
                with lock:
                    n = next(numbers, None)
                if n is None:
                    return
                run = client.call("POST", "/api/2.0/mlflow/runs/create", {"experiment_id": experiment, "start_time": 1700000000000 + n})
                run = run["run"]["info"]["run_id"]
                auc, loss, params = values(n)
                client.call("POST", "/api/2.0/mlflow/runs/log-batch", {
                    "run_id": run, "metrics": [{"key": k, "value": v, "timestamp": 1700000000000, "step": 0} for k, v in (("auc", auc), ("loss", loss))],
                    "params": [{"key": k, "value": v} for k, v in params.items()]})
        threads = [threading.Thread(target=work) for _ in range(8)]
        [t.start() for t in threads]
        [t.join() for t in threads]

    def stop(self):
        self.server.stop()
        self.server.remove()


class Mlflow:
    name = "mlflow server"

    def __init__(self, program, database):
        self.program = program
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mlflow-bench-"))
        self.store = database or f"sqlite:///{self.folder}/mlflow.db"
        self.start()

    def start(self):
        self.port = free_port()
        self.process = subprocess.Popen(
            [self.program, "server", "--host", "127.0.0.1", "--port", str(self.port), "--backend-store-uri", self.store,
             "--artifacts-destination", f"{self.folder}/artifacts"],
            stdout=open(self.folder / "log", "ab"), stderr=subprocess.STDOUT, start_new_session=True,
            env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"})
        while True:
            try:
                self.client().call("GET", "/health")
                return
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(f"mlflow server did not start: {(self.folder / 'log').read_text()[-2000:]}") from None
                time.sleep(0.2)

    def client(self):
        return Client("http", "127.0.0.1", self.port)

    def fill(self, experiment, runs):
        self.end()
        database = sqlite3.connect(f"{self.folder}/mlflow.db")
        now = 1700000000000
        for n in range(runs):
            run = f"{random.getrandbits(128):032x}"
            auc, loss, params = values(n)
            database.execute("INSERT INTO runs (run_uuid, name, source_type, user_id, status, start_time, lifecycle_stage, artifact_uri, experiment_id)"
                             " VALUES (?, ?, 'UNKNOWN', 'bench', 'RUNNING', ?, 'active', ?, ?)",
                             (run, f"run-{n}", now + n, f"mlflow-artifacts:/{experiment}/{run}/artifacts", int(experiment)))
            for table in ("metrics", "latest_metrics"):
                database.executemany(f"INSERT INTO {table} (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, 0, 0)",
                                     [("auc", auc, now, run), ("loss", loss, now, run)])
            database.executemany("INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)", [(k, v, run) for k, v in params.items()])
            database.execute("INSERT INTO tags (key, value, run_uuid) VALUES ('mlflow.runName', ?, ?)", (f"run-{n}", run))
        database.commit()
        database.close()
        self.start()

    def end(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()

    def stop(self):
        self.end()
        subprocess.run(["rm", "-rf", self.folder], check=False)


def values(n):
    chance = random.Random(n)
    return chance.random(), chance.random(), {"learner": LEARNERS[n % 3], "depth": str(n % 12), "rate": f"{chance.random():.3f}"}


def new_experiment(client):
    return client.call("POST", "/api/2.0/mlflow/experiments/create", {"name": f"bench-{random.getrandbits(64):x}"})["experiment_id"]


def new_run(client, experiment):
    return client.call("POST", "/api/2.0/mlflow/runs/create", {"experiment_id": experiment, "start_time": int(time.time() * 1000)})["run"]["info"]["run_id"]


def timed(action):
    start = time.perf_counter()
    action()
    return milliseconds(start)


def point(run, step):
    return {"run_id": run, "key": "loss", "value": 1 / (1 + step), "timestamp": 1700000000000 + step, "step": step}


class Side:
    """What is done to either server, in small portions by turns."""

    def __init__(self, server, experiment):
        self.server, self.experiment = server, experiment
        self.client = server.client()
        self.run = new_run(self.client, new_experiment(self.client))
        self.step = 0
        self.long = new_run(self.client, new_experiment(self.client))
        for at in range(0, 100_000, 1000):
            self.client.call("POST", "/api/2.0/mlflow/runs/log-batch", {
                "run_id": self.long, "metrics": [{k: v for k, v in point(self.long, at + i).items() if k != "run_id"} for i in range(1000)]})

    def log_metric(self):
        taken = []
        for _ in range(40):
            self.step += 1
            taken.append(timed(lambda: self.client.call("POST", "/api/2.0/mlflow/runs/log-metric", point(self.run, self.step))))
        return taken

    def log_batch(self):
        taken = []
        for _ in range(4):
            batch = [{k: v for k, v in point(self.run, self.step + i + 1).items() if k != "run_id"} for i in range(1000)]
            self.step += 1000
            taken.append(timed(lambda: self.client.call("POST", "/api/2.0/mlflow/runs/log-batch", {"run_id": self.run, "metrics": batch})))
        return taken

    def search(self, filter_text, order):
        query = {"experiment_ids": [self.experiment], "filter": filter_text, "order_by": order, "max_results": 100}
        return [timed(lambda: self.client.call("POST", "/api/2.0/mlflow/runs/search", query)) for _ in range(3)]

    def history(self):
        def whole():
            token, points = "", 0
            while True:
                page = self.client.call("GET", "/api/2.0/mlflow/metrics/get-history?" + urllib.parse.urlencode(
                    {"run_id": self.long, "metric_key": "loss", "max_results": 25000, "page_token": token}))
                points += len(page["metrics"])
                token = page.get("next_page_token")
                if not token:
                    break
            assert points == 100_000, points
        return [timed(whole)]

    def together(self, clients=8, each=25):
        """Milliseconds a point, all clients (processes of their own) logging at once."""
        runs = [new_run(self.client, self.experiment_of_clients()) for _ in range(clients)]
        fork = multiprocessing.get_context("fork")
        ready, go = fork.Barrier(clients + 1), fork.Barrier(clients + 1)

        def work(run):
            client = self.server.client()
            client.call("GET", f"/api/2.0/mlflow/runs/get?run_id={run}")
            ready.wait()
            go.wait()
            for step in range(each):
                client.call("POST", "/api/2.0/mlflow/runs/log-metric", point(run, step))
        processes = [fork.Process(target=work, args=(run,)) for run in runs]
        [p.start() for p in processes]
        ready.wait()

        def all_of_them():
            go.wait()
            [p.join() for p in processes]
        taken = timed(all_of_them) / (clients * each)
        if any(p.exitcode for p in processes):
            raise SystemExit("a client failed")
        return [taken]

    def chart(self):
        """100,000 points at evenly chosen steps, as MLflow's page asks for them."""
        query = urllib.parse.urlencode({"run_ids": self.long, "metric_key": "loss", "max_results": 320})
        return [timed(lambda: self.client.call("GET", f"/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?{query}")) for _ in range(3)]

    def experiment_of_clients(self):
        if not hasattr(self, "others"):
            self.others = new_experiment(self.client)
        return self.others

    def upload(self, path):
        size = path.stat().st_size
        client = self.server.client()
        experiment = new_experiment(client)
        run = new_run(client, experiment)
        client.headers = {**client.headers, "Content-Type": "application/octet-stream", "Content-Length": str(size)}
        with path.open("rb") as stream:
            return [timed(lambda: client.call("PUT", f"/api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/big.bin", raw=stream))]


class Floor:
    """The database alone: a clustered or keyed table of points."""

    TABLE = ("CREATE TABLE metric (run BIGINT, key TEXT, step BIGINT, time BIGINT, value DOUBLE PRECISION,"
             " PRIMARY KEY (run, key, step, time))")

    def __init__(self, folder, postgres):
        self.step = 0
        if postgres:
            import psycopg2
            import psycopg2.extras
            self.many = lambda rows: psycopg2.extras.execute_values(self.cursor, "INSERT INTO metric VALUES %s", rows, page_size=len(rows))
            self.connection = psycopg2.connect(postgres.address("floor"))
            self.connection.autocommit = True
            self.cursor = self.connection.cursor()
            self.cursor.execute(self.TABLE)
            self.mark = "%s"
        else:
            self.connection = self.cursor = sqlite3.connect(folder / "floor.db", isolation_level=None)
            self.cursor.execute("PRAGMA journal_mode=WAL")
            self.cursor.execute("PRAGMA synchronous=FULL")
            self.cursor.execute(self.TABLE + " WITHOUT ROWID")
            self.mark = "?"
            self.many = self.sqlite_many

    def sqlite_many(self, rows):
        self.cursor.execute("BEGIN IMMEDIATE")
        self.cursor.executemany("INSERT INTO metric VALUES (?, ?, ?, ?, ?)", rows)
        self.cursor.execute("COMMIT")

    def rows(self, count):
        self.step += count
        return [(1, "loss", s, s, 0.5) for s in range(self.step - count, self.step)]

    def one_by_one(self):
        insert = "INSERT INTO metric VALUES (" + ", ".join([self.mark] * 5) + ")"
        return [timed(lambda: self.cursor.execute(insert, self.rows(1)[0])) for _ in range(40)]

    def batches(self):
        return [timed(lambda rows=self.rows(1000): self.many(rows)) for _ in range(4)]


class Postgres:
    """A server of its own in a new folder, with PostgreSQL's defaults (commits are flushed)."""

    def __init__(self, binaries):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="postgres-bench-"))
        self.port = free_port()
        # PostgreSQL does not run as root.
        self.as_other = ["unshare", "-U"] if os.geteuid() == 0 else []
        program = pathlib.Path(binaries) / "bin"
        data = self.folder / "data"
        subprocess.run([*self.as_other, program / "initdb", "-A", "trust", "-U", "postgres", "-D", data, "-E", "UTF-8"], check=True,
                       stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen([*self.as_other, program / "postgres", "-D", data, "-p", str(self.port), "-k", self.folder],
                                        stdout=open(self.folder / "log", "wb"), stderr=subprocess.STDOUT, start_new_session=True)
        import psycopg2
        for _ in range(300):
            try:
                connection = psycopg2.connect(self.address("postgres"))
                break
            except psycopg2.OperationalError:
                time.sleep(0.1)
        else:
            raise SystemExit(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")
        connection.autocommit = True
        for name in ("atelier", "mlflow", "floor"):
            connection.cursor().execute(f"CREATE DATABASE {name}")
        connection.close()

    def address(self, database):
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def stop(self):
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait()
        subprocess.run(["rm", "-rf", self.folder], check=False)


def file_floor(path):
    def copy():
        with path.open("rb") as source, open(path.with_suffix(".copy"), "wb") as sink:
            while block := source.read(1 << 20):
                sink.write(block)
            os.fsync(sink.fileno())
    return [timed(copy)]


def show(title, rows):
    print(f"\n{title} (ms; median, middle half, least, n)")
    medians = {}
    for name, taken in rows.items():
        medians[name] = statistics.median(taken)
        low, _, high = statistics.quantiles(taken, n=4) if len(taken) > 1 else taken * 3
        print(f"  {name:<24} {medians[name]:>10.3f}   {low:.2f} to {high:.2f}   {min(taken):.2f}   {len(taken)}", flush=True)
    if {"Atelier", "mlflow server"} <= set(medians):
        print(f"  {'ratio':<24} {medians['mlflow server'] / medians['Atelier']:>10.1f}", flush=True)


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--mlflow", required=True, help="the program, of an environment with the newest MLflow")
    words.add_argument("--postgres", help="the folder of PostgreSQL's bin")
    words.add_argument("--runs", type=int, default=100_000)
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--gigabyte", type=float, default=1.0, help="size of the uploaded artifact")
    words.add_argument("--only", nargs="*", default=[], help="what to measure, by the beginning of its name")
    given = words.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tracking-bench-"))
    postgres = Postgres(given.postgres) if given.postgres else None
    servers = []
    try:
        servers.append(Atelier(f"jdbc:postgresql://127.0.0.1:{postgres.port}/atelier?user=postgres" if postgres else None))
        servers.append(Mlflow(given.mlflow, postgres and postgres.address("mlflow").replace("postgresql:", "postgresql+psycopg2:")))
        compare(given, folder, servers, postgres)
    finally:
        for server in servers:
            server.stop()
        if postgres:
            postgres.stop()
        subprocess.run(["rm", "-rf", folder], check=False)
    print(f"\n{machine()}; load of the last minutes {os.getloadavg()}")


def compare(given, folder, servers, postgres):
    floor = Floor(folder, postgres)
    engine = "PostgreSQL" if postgres else "SQLite"
    big = folder / "big.bin"
    work = {
        "log_metric, one by one": (lambda s: s.log_metric(), floor.one_by_one, f"bare {engine} insert"),
        "log_batch of 1,000 points": (lambda s: s.log_batch(), floor.batches, f"bare {engine} inserts"),
        "8 clients log at once, a point": (lambda s: s.together(), None, ""),
        "history of 100,000 points": (lambda s: s.history(), None, ""),
        "320 steps of 100,000": (lambda s: s.chart(), None, ""),
        f"artifact of {given.gigabyte} GiB": (lambda s: s.upload(big), lambda: file_floor(big), "file copy with flush"),
        f"search {given.runs:,} runs, newest 100": (lambda s: s.search("", []), None, ""),
        "search, filter by metric and param, order by metric":
            (lambda s: s.search("metrics.auc > 0.9 and params.learner = 'forest'", ["metrics.auc DESC"]), None, ""),
        "search, filter that few pass": (lambda s: s.search("metrics.auc > 0.9999", ["metrics.auc DESC"]), None, ""),
        "search, order by a metric": (lambda s: s.search("", ["metrics.loss ASC"]), None, ""),
    }
    wanted = {title: row for title, row in work.items()
              if (not given.only or title.startswith(tuple(given.only))) and not (postgres and title.startswith("search"))}
    sides = []
    for server in servers:
        experiment = new_experiment(server.client())
        if any(title.startswith("search") for title in wanted):
            start = time.perf_counter()
            server.fill(experiment, given.runs)
            print(f"{server.name}: {given.runs} runs in {time.perf_counter() - start:.0f} s", flush=True)
        sides.append(Side(server, experiment))
    if any(title.startswith("artifact") for title in wanted):
        with big.open("wb") as stream:
            for _ in range(int(given.gigabyte * 1024)):
                stream.write(os.urandom(1 << 20))
    for title, (action, bare, bare_name) in wanted.items():
        rows = {side.server.name: [] for side in sides}
        if bare:
            rows[bare_name] = []
        for _ in range(given.rounds):
            for side in sides:
                rows[side.server.name] += action(side)
            if bare:
                rows[bare_name] += bare()
        show(f"{title}, {engine}", rows)


if __name__ == "__main__":
    main()
