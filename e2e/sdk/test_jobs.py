"""Command jobs: submitted, streamed, read, downloaded, cancelled."""

import textwrap

import pytest
from azure.ai.ml import Input, Output, command
from azure.ai.ml.constants import AssetTypes
from azure.ai.ml.entities import Data
from azure.ai.ml.exceptions import MlException
from launcher import wait_for


@pytest.fixture
def code(tmp_path):
    """Writes a script into a folder of its own and gives the folder."""
    def write(text):
        folder = tmp_path / "src"
        folder.mkdir(exist_ok=True)
        (folder / "main.py").write_text(textwrap.dedent(text))
        return str(folder)
    return write


def test_a_job_streams_its_log_and_completes(ml_client, bare, code, capsys):
    # The SDK prints nothing of a job that has ended before its first look: this one is still there then.
    job = ml_client.jobs.create_or_update(command(
        code=code("import time\nprint('hello from the job', flush=True)\ntime.sleep(5)\n"), command="python main.py",
        environment=f"{bare.name}:{bare.version}", experiment_name="e2e", display_name="streams"))
    ml_client.jobs.stream(job.name)
    assert "hello from the job" in capsys.readouterr().out
    read = ml_client.jobs.get(job.name)
    assert (read.status, read.display_name, read.experiment_name) == ("Completed", "streams", "e2e")
    assert job.name in {j.name for j in ml_client.jobs.list(max_results=50)}


def test_inputs_outputs_and_variables_reach_the_script(ml_client, bare, code, tmp_path, unique):
    table = tmp_path / "in.csv"
    table.write_text("a,b\n1,2\n")
    data = ml_client.data.create_or_update(Data(name=unique("in"), path=str(table), type=AssetTypes.URI_FILE))
    job = ml_client.jobs.create_or_update(command(
        code=code("""
            import os, pathlib, sys
            source, word, number, target = sys.argv[1:]
            pathlib.Path(target, "out.txt").write_text(
                open(source).read() + word + number + os.environ["GREETING"])
            pathlib.Path("outputs").mkdir(exist_ok=True)
            pathlib.Path("outputs/note.txt").write_text("kept")
            """),
        command="python main.py ${{inputs.table}} '${{inputs.word}}' ${{inputs.number}} ${{outputs.result}}",
        inputs={"table": Input(type=AssetTypes.URI_FILE, path=f"azureml:{data.name}:{data.version}"),
                "word": "two words", "number": 7},
        outputs={"result": Output(type=AssetTypes.URI_FOLDER)},
        environment_variables={"GREETING": "good day"},
        environment=f"{bare.name}:{bare.version}", experiment_name="e2e"))
    ml_client.jobs.stream(job.name)
    ml_client.jobs.download(job.name, download_path=str(tmp_path / "named"), output_name="result")
    assert [p.read_text() for p in (tmp_path / "named").rglob("out.txt")] == ["a,b\n1,2\ntwo words7good day"]
    ml_client.jobs.download(job.name, download_path=str(tmp_path / "all"), all=True)
    assert [p.read_text() for p in (tmp_path / "all").rglob("note.txt")] == ["kept"]
    assert list((tmp_path / "all").rglob("std_log.txt"))


def test_a_failing_script_fails_the_job_and_says_why(ml_client, bare, code):
    job = ml_client.jobs.create_or_update(command(
        code=code("import sys; print('before'); sys.exit('the disk of the moon is full')\n"), command="python main.py",
        environment=f"{bare.name}:{bare.version}", experiment_name="e2e"))
    with pytest.raises((MlException, Exception)) as caught:
        ml_client.jobs.stream(job.name)
    assert "the disk of the moon is full" in str(caught.value)
    assert ml_client.jobs.get(job.name).status == "Failed"


def test_a_bare_environment_has_no_packages(ml_client, bare, code):
    job = ml_client.jobs.create_or_update(command(
        code=code("import pandas\n"), command="python main.py", environment=f"{bare.name}:{bare.version}"))
    with pytest.raises(Exception, match="No module named 'pandas'"):
        ml_client.jobs.stream(job.name)


def test_cancel_ends_the_whole_process_tree(ml_client, bare, code, atelier, tmp_path):
    job = ml_client.jobs.create_or_update(command(
        code=code("""
            import subprocess, sys, time
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            print("child", child.pid, flush=True)
            time.sleep(600)
            """),
        command="python main.py", environment=f"{bare.name}:{bare.version}", experiment_name="e2e"))
    line = wait_for("the child's pid in the log", lambda: [l for l in atelier.log(job.name).splitlines() if l.startswith("child ")])
    child = int(line[0].split()[1])
    ml_client.jobs.begin_cancel(job.name).wait(60)
    wait_for("the job to be Canceled", lambda: ml_client.jobs.get(job.name).status == "Canceled")
    wait_for("the child to be gone", lambda: not alive(child), timeout=20)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_job_that_names_a_missing_environment_is_refused(ml_client, code):
    with pytest.raises(Exception, match="no-such-environment"):
        job = ml_client.jobs.create_or_update(command(
            code=code("print(1)\n"), command="python main.py", environment="no-such-environment:1"))
        ml_client.jobs.stream(job.name)
