"""Mini-batches in real processes. Run with: python -m pytest features/batch/src/test/python

Scripts need nothing but Python; tables and MLflow models need pandas, mlflow and scikit-learn.
"""

import csv
import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

DRIVER = Path(__file__).parents[2] / "main/resources/atelier/batch/driver/parallel.py"

ECHO = """
    def init():
        pass

    def run(mini_batch):
        return [open(path).read() for path in mini_batch]
"""


class Job:
    """One run of the driver in a job's folders."""

    def __init__(self, folder: Path):
        self.root = folder
        for name in ("code", "input", "output", "log"):
            (folder / name).mkdir()

    def script(self, text: str) -> None:
        (self.root / "code/score.py").write_text(textwrap.dedent(text))

    def files(self, count: int) -> None:
        for number in range(count):
            (self.root / f"input/f{number:03d}.txt").write_text(f"text {number}")

    def environment(self, given: dict, variables: dict) -> dict:
        settings = {"input": "data", "appendTo": "${{outputs.score}}/predictions.csv", "script": "score.py", "workers": 2}
        settings |= {"maxRetries": 1, "timeoutSeconds": 30, "miniBatchSize": 1} | given
        return os.environ | variables | {
            "ATELIER_PARALLEL": json.dumps(settings),
            "AZUREML_CR_EXECUTION_WORKING_DIR_PATH": str(self.root / "code"),
            "AZURE_ML_INPUT_data": str(self.root / "input"),
            "AZURE_ML_OUTPUT_score": str(self.root / "output"),
        }

    def start(self, variables: dict | None = None, **given) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-u", str(DRIVER)],
            cwd=self.root / "code",
            env=self.environment(given, variables or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, variables: dict | None = None, **given) -> int:
        process = self.start(variables, **given)
        self.said = process.communicate(timeout=120)[0]
        return process.returncode

    def lines(self) -> list[str]:
        return (self.root / "output/predictions.csv").read_text().splitlines()

    def log(self, name: str) -> str:
        return (self.root / "log" / name).read_text()


@pytest.fixture
def job(tmp_path):
    return Job(tmp_path)


def test_rows_come_in_the_order_of_the_files_whoever_finishes_first(job):
    job.files(9)
    job.script("""
        import os, time
        def run(mini_batch):
            while mini_batch[0].endswith("f000.txt") and not os.path.exists("last"):
                time.sleep(0.01)
            if mini_batch[0].endswith("f008.txt"):
                open("last", "w").close()
            return [open(path).read() for path in mini_batch]
    """)
    assert job.run() == 0, job.said
    assert job.lines() == [f"text {number}" for number in range(9)]
    assert "9 of 9 mini-batches processed, 0 failed" in job.log("logs/azureml/job_progress_overview.txt")


def test_mini_batches_hold_as_many_files_as_asked(job):
    job.files(5)
    job.script("def run(mini_batch, context):\n    return [f'{context.minibatch_index}:{len(mini_batch)}'] * len(mini_batch)")
    assert job.run(miniBatchSize=2) == 0, job.said
    assert job.lines() == ["0:2", "0:2", "1:2", "1:2", "2:1"]


def test_mini_batches_of_bytes(job):
    job.files(6)
    job.script("def run(mini_batch):\n    return [len(mini_batch)] * len(mini_batch)")
    for number in range(6):
        (job.root / f"input/f{number:03d}.txt").write_bytes(b"x" * 400)
    assert job.run(miniBatchSize="1kb") == 0, job.said
    assert job.lines() == ["2"] * 6


def test_a_script_finds_model_output_folder_and_arguments(job):
    job.files(1)
    (job.root / "weights").mkdir()
    (job.root / "weights/model.bin").write_text("w")
    job.script("""
        import argparse, glob, os
        def init():
            global args, model
            parser = argparse.ArgumentParser()
            for name in ("--word", "--folder", "--maybe"):
                parser.add_argument(name)
            args = parser.parse_args()
            model = glob.glob(os.environ["AZUREML_MODEL_DIR"] + "/*/")[0]
        def run(mini_batch):
            with open(os.path.join(os.environ["AZUREML_BI_OUTPUT_PATH"], "own.txt"), "w") as file:
                file.write(open(model + "model.bin").read())
            yield args.word
            yield args.maybe
    """)
    code = job.run(
        {"AZURE_ML_INPUT_weights": str(job.root / "weights"), "AZURE_ML_INPUT_word": "it's two words"},
        model="weights",
        modelName="mine",
        arguments="--word ${{ inputs.word }} --folder ${{outputs.score}} $[[--maybe ${{inputs.missing}}]]",
    )
    assert code == 0, job.said
    assert job.lines() == ["it's two words", "None"]
    assert (job.root / "output/own.txt").read_text() == "w"


def test_a_mini_batch_that_fails_is_tried_again(job):
    job.files(3)
    job.script("""
        import os
        def run(mini_batch):
            seen = os.path.basename(mini_batch[0])
            if not os.path.exists(seen):
                open(seen, "w").close()
                raise ValueError("not yet")
            return ["ok"]
    """)
    assert job.run() == 0, job.said
    assert job.lines() == ["ok"] * 3
    assert "ValueError: not yet; it is tried again" in job.log("logs/azureml/job_error.txt")


FAILS_ON_TWO = """
    def run(mini_batch):
        if mini_batch[0].endswith(("f001.txt", "f002.txt")):
            raise ValueError("bad file")
        return ["ok"] * len(mini_batch)
"""


@pytest.mark.parametrize("given", [{"errorThreshold": 1}, {"miniBatchErrorThreshold": 1}])
def test_more_failures_than_allowed_end_the_job(job, given):
    job.files(4)
    job.script(FAILS_ON_TWO)
    assert job.run(maxRetries=0, **given) == 1
    assert "allows 1. The last error: ValueError: bad file" in job.said


@pytest.mark.parametrize("given", [{"errorThreshold": 2}, {"miniBatchErrorThreshold": 2}, {"errorThreshold": -1}])
def test_as_many_failures_as_allowed_are_left_out(job, given):
    job.files(4)
    job.script(FAILS_ON_TWO)
    assert job.run(maxRetries=0, **given) == 0, job.said
    assert job.lines() == ["ok", "ok"]


def test_fewer_results_than_files_count_as_failures(job):
    job.files(4)
    job.script("def run(mini_batch):\n    return mini_batch[:1]")
    assert job.run(miniBatchSize=2, errorThreshold=1) == 1
    assert "2 items failed; error_threshold allows 1" in job.said


def test_nothing_succeeded_is_a_failure_even_when_all_failures_are_ignored(job):
    job.files(2)
    job.script("def run(mini_batch):\n    raise ValueError('never')")
    assert job.run(maxRetries=0) == 1
    assert "None of the 2 mini-batches succeeded" in job.said


def test_a_worker_that_dies_is_replaced(job):
    job.files(4)
    job.script("""
        import os, signal
        def run(mini_batch):
            if mini_batch[0].endswith("f001.txt") and not os.path.exists("died"):
                open("died", "w").close()
                os.kill(os.getpid(), signal.SIGKILL)
            return [open(path).read() for path in mini_batch]
    """)
    assert job.run() == 0, job.said
    assert job.lines() == [f"text {number}" for number in range(4)]
    assert "The worker process ended (signal 9)" in job.log("logs/azureml/job_error.txt")


def test_a_mini_batch_that_takes_too_long_is_ended_with_what_it_started(job):
    job.files(2)
    job.script("""
        import subprocess, time
        def run(mini_batch):
            if mini_batch[0].endswith("f001.txt"):
                child = subprocess.Popen(["sleep", "600"])
                open("child", "w").write(str(child.pid))
                time.sleep(600)
            return ["ok"]
    """)
    assert job.run(timeoutSeconds=1, maxRetries=0) == 0, job.said
    assert job.lines() == ["ok"]
    assert "took longer than 1 seconds" in job.said
    child = Path(f"/proc/{(job.root / 'code/child').read_text()}/stat")
    assert not child.exists() or child.read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_failing_init_ends_the_job_with_its_reason(job):
    job.files(2)
    job.script("def init():\n    raise RuntimeError('no model')\ndef run(mini_batch):\n    return []")
    assert job.run() == 1
    assert "The worker could not start: RuntimeError: no model" in job.said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("def init():\n    pass", "score.py has no function run()"),
        ("def run():\n    return []", "run() of score.py takes the mini-batch"),
        ("import no_such_module\ndef run(m):\n    return m", "No module named 'no_such_module'"),
    ],
)
def test_a_script_that_cannot_be_used_is_told(job, text, sentence):
    job.files(1)
    job.script(text)
    assert job.run() == 1
    assert sentence in job.said


def test_a_result_that_is_no_list_is_told(job):
    job.files(1)
    job.script("def run(mini_batch):\n    return 'text'")
    assert job.run(errorThreshold=0, maxRetries=0) == 1
    assert "run() must return a list or a pandas DataFrame, not str" in job.said


def test_summary_only_keeps_no_rows(job):
    job.files(2)
    job.script(ECHO)
    assert job.run(appendTo=None, outputFolder="${{outputs.score}}") == 0, job.said
    assert list((job.root / "output").iterdir()) == []


def test_an_empty_input_is_told(job):
    job.script(ECHO)
    assert job.run() == 1
    assert "The input has no data" in job.said


def test_a_job_that_is_ended_takes_its_workers_along(job):
    job.files(2)
    os.mkfifo(job.root / "up")
    job.script("""
        import os, time
        def run(mini_batch):
            with open("../up", "w") as up:
                up.write(str(os.getpid()))
            time.sleep(600)
    """)
    process = job.start(workers=1)
    worker = int((job.root / "up").read_text())
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 143
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_workers_end_when_their_master_is_killed(job):
    job.files(3)
    for name in ("up", "go"):
        os.mkfifo(job.root / name)
    job.script("""
        import atexit, os
        def run(mini_batch):
            with open("../up", "w") as up:
                up.write(str(os.getpid()))
            open("../go").read()
            return ["ok"]
    """)
    process = job.start(workers=1)
    worker = int((job.root / "up").read_text())
    pidfd = os.pidfd_open(worker)
    process.kill()
    process.wait()
    (job.root / "go").write_text("")
    import select

    assert select.select([pidfd], [], [], 30)[0], "the worker goes on without a master"


TABLE = {"paths": [{"pattern": "./**/*.csv"}], "transformations": [{"read_delimited": {"delimiter": ",", "encoding": "ascii"}}]}


def csv_file(path: Path, rows: list[list]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)


def test_a_large_table_is_cut_between_rows(job):
    pytest.importorskip("pandas")
    rows = [["id", "text"], *([number, f'say "{number}",\nand more'] for number in range(500))]
    csv_file(job.root / "input/a.csv", rows)
    csv_file(job.root / "input/b.csv", [["id", "text"], [500, "x"]])
    job.script("def run(frame, context):\n    return frame.assign(batch=context.minibatch_index)[['id', 'batch']]")
    assert job.run(table=TABLE, miniBatchSize="2kb") == 0, job.said
    got = [tuple(map(int, line.split(" "))) for line in job.lines()]
    assert [number for number, _ in got] == list(range(501))
    assert len({batch for _, batch in got}) > 5


def test_partition_keys_make_mini_batches_of_their_values(job):
    pytest.importorskip("pandas")
    for store in ("s1", "s2"):
        for brand in ("b1", "b2"):
            csv_file(job.root / f"input/{store}/{brand}/data.csv", [["n"], [1], [2]])
    table = {
        "paths": [{"pattern": "./**/*.csv"}],
        "transformations": [
            {"read_delimited": {"delimiter": ",", "include_path_column": True}},
            {"extract_columns_from_partition_format": {"partition_format": "{Store}/{Brand}/{file_name}.{extension}"}},
            {"drop_columns": ["Path", "file_name", "extension"]},
        ],
    }
    job.script("""
        def run(frame, context):
            key = context.partition_key_value
            return ["/".join(key.values()) + " " + ",".join(frame.columns) + f" {frame.n.sum()}"]
    """)
    assert job.run(table=table, partitionKeys=["Store"]) == 0, job.said
    assert job.lines() == ["s1 n,Store,Brand 6", "s2 n,Store,Brand 6"]


def test_a_partition_key_that_the_paths_do_not_give_is_told(job):
    csv_file(job.root / "input/a.csv", [["n"], [1]])
    job.script(ECHO)
    assert job.run(table=TABLE, partitionKeys=["Store"]) == 1
    assert "does not give the partition key 'Store'" in job.said


def test_a_step_of_an_mltable_that_is_not_known_is_told(job):
    csv_file(job.root / "input/a.csv", [["n"], [1]])
    job.script(ECHO)
    table = TABLE | {"transformations": [*TABLE["transformations"], {"take": 5}]}
    assert job.run(table=table) == 1
    assert "The MLTable's 'take' is not known here" in job.said


def test_rows_of_a_data_frame_are_apart_by_blanks(job):
    pytest.importorskip("pandas")
    job.files(2)
    job.script("""
        import os, pandas
        def run(mini_batch):
            return pandas.DataFrame([(os.path.basename(path), 7, 0.5) for path in mini_batch])
    """)
    assert job.run(miniBatchSize=2) == 0, job.said
    assert job.lines() == ["f000.txt 7 0.5", "f001.txt 7 0.5"]


@pytest.fixture
def model(tmp_path_factory):
    pytest.importorskip("sklearn")
    mlflow = pytest.importorskip("mlflow")
    import pandas as pd
    from mlflow.models import infer_signature
    from sklearn.linear_model import LinearRegression

    frame = pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [1.0, 0.0, 1.0]})
    fitted = LinearRegression().fit(frame, [1.0, 2.0, 5.0])
    folder = tmp_path_factory.mktemp("model") / "m"
    mlflow.sklearn.save_model(fitted, folder, signature=infer_signature(frame, fitted.predict(frame)))
    return folder


def test_a_model_without_code_reads_every_kind_of_table(job, model):
    import pandas as pd

    frame = pd.DataFrame({"a": [0, 2], "b": [1, 1]})
    frame.to_csv(job.root / "input/1.csv", index=False)
    frame.to_parquet(job.root / "input/2.parquet")
    frame.to_json(job.root / "input/3.jsonl", orient="records", lines=True)
    frame.to_json(job.root / "input/4.json", orient="records")
    (job.root / "input/5.json").write_text(json.dumps({"input_data": frame.to_dict(orient="split")}))
    frame.to_csv(job.root / "input/6, more.csv", index=False)
    code = job.run({"AZURE_ML_INPUT_model": str(model)}, model="model", script=None, miniBatchSize=2)
    assert code == 0, job.said + job.log("user_logs/process000.txt")
    rows = pd.read_csv(job.root / "output/predictions.csv", index_col=0, names=["row", "prediction", "file"])
    assert rows.index.tolist() == [0, 1] * 6
    assert rows["prediction"].round(6).tolist() == [1.0, 5.0] * 6
    assert rows["file"].tolist()[::2] == ["1.csv", "2.parquet", "3.jsonl", "4.json", "5.json", "6, more.csv"]


def test_a_file_that_does_not_fit_the_model_is_told(job, model):
    csv_file(job.root / "input/1.csv", [["a"], [1]])
    assert job.run({"AZURE_ML_INPUT_model": str(model)}, model="model", script=None, errorThreshold=0, maxRetries=0) == 1
    assert "1.csv has no column b. It has: a." in job.said
