"""`atelier import mlflow`: a store that the unmodified client filled, read from its database and from its server; what
the client then sees here is what it saw there."""

import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import time
import uuid

import mlflow
import pandas as pd
import pytest
import requests
from launcher import clean_environment, free_port

HELPER = pathlib.Path(__file__).parents[1] / "harness/old_mlflow.py"


def helper(verb, suffix, environment):
    done = subprocess.run([sys.executable, str(HELPER), verb, suffix], env=environment, text=True, capture_output=True, timeout=400)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout) if verb == "tell" else None


def rows(done):
    return {row["kind"]: row for row in json.loads(done.stdout)}


@pytest.fixture(scope="module")
def suffix():
    return uuid.uuid4().hex[:6]


@pytest.fixture(scope="module")
def store(tmp_path_factory, suffix):
    """A folder with mlflow.db and the client's own mlruns or mlartifacts."""
    folder = tmp_path_factory.mktemp("old")
    environment = {**clean_environment(), "MLFLOW_TRACKING_URI": f"sqlite:///{folder}/mlflow.db", "PWD": str(folder)}
    done = subprocess.run([sys.executable, str(HELPER), "fill", suffix], env=environment, cwd=folder, text=True, capture_output=True, timeout=400)
    assert done.returncode == 0, done.stderr[-4000:]
    told = subprocess.run([sys.executable, str(HELPER), "tell", suffix], env=environment, cwd=folder, text=True, capture_output=True, timeout=400)
    assert told.returncode == 0, told.stderr[-4000:]
    return folder, json.loads(told.stdout)


@pytest.fixture(scope="module")
def imported(atelier, store):
    folder, there = store
    done = atelier.run("import", "mlflow", f"sqlite:///{folder}/mlflow.db", "-o", "json", cwd=folder)
    return done, there


def same(there, here):
    assert set(here["runs"]) == set(there["runs"])
    for run_id, run in there["runs"].items():
        assert here["runs"][run_id] == run, run_id
    assert here == there


def test_a_client_sees_here_what_it_saw_there(atelier, imported, suffix):
    same(imported[1], helper("tell", suffix, atelier.environment()))


def test_the_summary_counts_what_was_taken(imported):
    counted = rows(imported[0])
    assert counted["runs"]["taken"] == len(imported[1]["runs"])
    assert counted["model versions"]["taken"] == sum(len(m["versions"]) for m in imported[1]["models"].values())
    assert all(row["refused"] == row["conflicts"] == 0 for row in counted.values())


@pytest.mark.parametrize("reference", ["1", "3", "@champion"])
def test_registered_models_load(atelier, imported, suffix, reference):
    mlflow.set_tracking_uri(os.environ["MLFLOW_TRACKING_URI"])
    address = f"models:/churn-{suffix}{reference if reference.startswith('@') else '/' + reference}"
    model = mlflow.sklearn.load_model(address)
    assert list(model.predict(pd.DataFrame({"age": [1.0, 18.0], "bmi": [3.0, 3.0]}))) == [0, 1]


def test_the_next_version_gets_a_number_that_was_never_given(atelier, imported, suffix):
    client = mlflow.MlflowClient(os.environ["MLFLOW_TRACKING_URI"])
    assert str(client.create_model_version(f"next-{suffix}", f"models:/churn-{suffix}/3").version) == "2"


def test_a_second_import_takes_nothing(atelier, imported, store):
    folder, _ = store
    again = rows(atelier.run("import", "mlflow", f"sqlite:///{folder}/mlflow.db", "-o", "json", cwd=folder))
    assert all(row["taken"] == row["conflicts"] == row["refused"] == 0 for row in again.values()), again


def test_what_changed_there_is_told_and_stays_here(atelier, imported, store, suffix):
    folder, there = store
    run_id = next(i for i, run in there["runs"].items() if run["name"] == "whole ä")
    copy = folder / "changed.db"
    with sqlite3.connect(folder / "mlflow.db") as old, sqlite3.connect(copy) as new:
        old.backup(new)
        new.execute("UPDATE params SET value = 'other' WHERE run_uuid = ? AND key = 'rate'", (run_id,))
    done = atelier.run("import", "mlflow", f"sqlite:///{copy}", "-o", "json", cwd=folder)
    assert rows(done)["runs"]["conflicts"] == 1
    assert run_id in done.stderr
    failed = atelier.run("import", "mlflow", f"sqlite:///{copy}", "--on-conflict", "fail", cwd=folder, check=False)
    assert failed.returncode == 1 and run_id in failed.stderr
    client = mlflow.MlflowClient(os.environ["MLFLOW_TRACKING_URI"])
    assert client.get_run(run_id).data.params["rate"] == "0.1"


def test_a_corrupt_row_is_refused_and_the_rest_comes(fresh_atelier, store, suffix):
    folder, there = store
    bad = folder / "bad.db"
    run_id = next(i for i, run in there["runs"].items() if run["name"] == "whole ä")
    with sqlite3.connect(folder / "mlflow.db") as old, sqlite3.connect(bad) as new:
        old.backup(new)
        new.execute("UPDATE runs SET start_time = 'yesterday' WHERE run_uuid = ?", (run_id,))
    fresh_atelier.up()
    done = fresh_atelier.run("import", "mlflow", f"sqlite:///{bad}", "-o", "json", cwd=folder, check=False)
    assert done.returncode == 1
    assert "start_time is 'yesterday', no whole number" in done.stderr
    assert rows(done)["runs"]["taken"] == len(there["runs"]) - 1


def test_an_import_that_was_killed_goes_on(fresh_atelier, store, suffix):
    folder, there = store
    fresh_atelier.up()
    command = [str(pathlib.Path(__file__).parents[2] / "atelier"), "import", "mlflow", f"sqlite:///{folder}/mlflow.db",
               "--data-dir", str(fresh_atelier.home)]
    for after in (0.7, 1.2, 1.8, 2.5):
        started = subprocess.Popen(command, cwd=folder, env=fresh_atelier.base_environment, start_new_session=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            started.wait(after)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()
    fresh_atelier.kill()
    fresh_atelier.up()
    fresh_atelier.run("import", "mlflow", f"sqlite:///{folder}/mlflow.db", cwd=folder)
    same(there, helper("tell", suffix, fresh_atelier.environment()))


def test_a_tracking_server_is_read_over_http(atelier, tmp_path):
    suffix = uuid.uuid4().hex[:6]
    port = free_port()
    plain = clean_environment()
    server = subprocess.Popen(
        [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", f"sqlite:///{tmp_path}/s.db", "--artifacts-destination",
         str(tmp_path / "files"), "--serve-artifacts", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"],
        cwd=tmp_path, env=plain, start_new_session=True, stdout=open(tmp_path / "log", "w"), stderr=subprocess.STDOUT)
    try:
        address = f"http://127.0.0.1:{port}"
        end = time.monotonic() + 120
        while True:
            try:
                if requests.get(f"{address}/health", timeout=5).ok:
                    break
            except requests.RequestException:
                assert time.monotonic() < end, (tmp_path / "log").read_text()[-3000:]
                time.sleep(0.2)
        environment = {**plain, "MLFLOW_TRACKING_URI": address}
        helper("fill", suffix, environment)
        there = helper("tell", suffix, environment)
        done = atelier.run("import", "mlflow", address, "-o", "json", cwd=tmp_path)
        assert all(row["refused"] == row["conflicts"] == 0 for row in rows(done).values()), done.stderr
        same(there, helper("tell", suffix, atelier.environment()))
        again = rows(atelier.run("import", "mlflow", address, "-o", "json", cwd=tmp_path))
        assert all(row["taken"] == 0 for row in again.values()), again
        # The database of that server is the same MLflow.
        database = rows(atelier.run("import", "mlflow", f"sqlite:///{tmp_path}/s.db", "--artifacts", f"mlflow-artifacts:/={tmp_path}/files",
                                    "-o", "json", cwd=tmp_path))
        assert all(row["taken"] == row["conflicts"] == 0 for row in database.values()), database
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@pytest.mark.parametrize("source, says", [
    ("sqlite:///nothing.db", "There is no file"),
    ("sqlite:///text.db", "is not an SQLite database"),
    ("sqlite:///other.db", "is not the database of an MLflow"),
    ("sqlite:///ancient.db", "mlflow db upgrade"),
    ("http://127.0.0.1:1", "Nothing answers"),
    ("postgresql://me:secret@127.0.0.1:1/x", "cannot be read"),
    ("mysql://me:secret@127.0.0.1/x", "mlflow server"),
    ("folder", "mlflow server"),
    ("what", "is no store of an MLflow"),
])
def test_bad_sources_are_one_sentence(atelier, tmp_path, source, says):
    (tmp_path / "text.db").write_text("hello")
    (tmp_path / "folder").mkdir()
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE x (y)")
    with sqlite3.connect(tmp_path / "ancient.db") as ancient:
        for table in ("alembic_version (version_num)", "runs (run_uuid)", "experiments (experiment_id)"):
            ancient.execute(f"CREATE TABLE {table}")
        ancient.execute("INSERT INTO alembic_version VALUES ('451aebb31d03')")
    done = atelier.run("import", "mlflow", source, cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert says in done.stderr and "secret" not in done.stderr + done.stdout
    assert len(done.stderr.strip().splitlines()) == 1
