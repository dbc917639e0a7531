"""One lab of the course: its folder copied, its set-up script run through the `az` shim, its notebook executed by
`jupyter nbconvert --execute` from a shell that has the variables of `atelier env`."""

import collections
import dataclasses
import json
import pathlib
import shutil
import subprocess
import sys
import time

from launcher import FINAL, LAUNCHER, ROOT, wait_for

PATIENT = ROOT / "e2e/course/patient.py"
KERNEL = "python38-azureml"  # the name that the course's notebooks ask for, as a compute instance has it


def str_of(word):
    """The word of an enumeration of the client, or the word."""
    return getattr(word, "value", word)


@dataclasses.dataclass
class Line:
    """A line of the report."""

    lab: str
    notebook: str
    setup_seconds: float = 0
    notebook_seconds: float = 0
    job_seconds: float = 0
    statuses: list = dataclasses.field(default_factory=list)


class Course:
    def __init__(self, labs, atelier, scratch):
        self.labs, self.atelier, self.scratch = labs, atelier, scratch
        self.out = ROOT / "target/e2e/course"
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir(parents=True)
        self.lines = []
        subprocess.run([sys.executable, "-m", "ipykernel", "install", "--sys-prefix", "--name", KERNEL],
                       check=True, capture_output=True)
        self.opened = {}
        self.python = sys.executable

    def lab(self, number):
        """The lab with its set-up done, once for all its notebooks."""
        if number not in self.opened:
            self.opened[number] = Lab(self, number)
        return self.opened[number]

    def write_report(self):
        with open(self.out / "report.md", "w") as out:
            print("| lab | notebook | jobs, as they ended | set-up | notebook | until its jobs were over |", file=out)
            print("|---|---|---|---|---|---|", file=out)
            for line in self.lines:
                jobs = ", ".join(f"{number} {word}" for word, number in collections.Counter(line.statuses).items()) or "none"
                print(f"| {line.lab} | {line.notebook} | {jobs} | {line.setup_seconds:.0f} s | {line.notebook_seconds:.0f} s "
                      f"| {line.job_seconds:.0f} s |", file=out)


class Lab:
    def __init__(self, course, number):
        self.course, self.number = course, number
        self.folder = course.scratch / number
        shutil.copytree(course.labs / number, self.folder)
        self.setup_seconds = self.set_up()
        self._client = None

    def shell(self, command, timeout=900):
        """A command line as a person types it in the lab's folder, in a shell with the variables of `atelier env`."""
        return subprocess.run(
            ["bash", "-c", f'eval "$("{LAUNCHER}" env --data-dir "{self.course.atelier.home}")" && {command}'],
            cwd=self.folder, env=self.course.atelier.base_environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout)

    def set_up(self):
        """The lab's own set-up script, its `az` being Atelier's. Lab 02 has none: its text has the reader type the commands."""
        started = time.monotonic()
        if (self.folder / "setup.sh").exists():
            done = self.shell(f'"{LAUNCHER}" exec --az --data-dir "{self.course.atelier.home}" -- bash setup.sh')
            assert done.returncode == 0, f"lab {self.number}: setup.sh ended with {done.returncode}\n{done.stdout}"
        else:
            done = self.shell(
                f'"{LAUNCHER}" compute create --name aml-cluster --size STANDARD_DS11_V2 --max-instances 2 --type AmlCompute')
            assert done.returncode == 0, done.stdout
        # What a compute instance of the workspace has in its home: the address of its workspace.
        done = self.shell(f'"{LAUNCHER}" config .')
        assert done.returncode == 0, done.stdout
        return time.monotonic() - started

    @property
    def client(self):
        if self._client is None:
            from azure.ai.ml import MLClient
            from azure.identity import DefaultAzureCredential

            self._client = MLClient.from_config(credential=DefaultAzureCredential(), path=str(self.folder))
        return self._client

    def run(self, notebook, patient=False):
        """Executes `notebook` with untouched cells; every job that it submitted has ended when this returns."""
        source = self.course.labs / self.number / notebook
        before = {job.name for job in self.client.jobs.list()}
        started = time.monotonic()
        config = f'--config "{PATIENT}"' if patient else ""
        done = self.shell(f'PATH="{pathlib.Path(sys.executable).parent}:$PATH" jupyter nbconvert --to notebook --execute {config} '
                          f'--output-dir "{self.course.out}" --output "{self.number} {notebook}" "{notebook}"')
        assert done.returncode == 0, f"lab {self.number}, {notebook}:\n{done.stdout[-6000:]}"
        notebook_seconds = time.monotonic() - started
        executed = Executed(json.loads((self.course.out / f"{self.number} {notebook}").read_text()))
        assert executed.sources == Executed(json.loads(source.read_text())).sources, "the executed cells are not the course's"
        executed.every_job = [self.ended(job.name) for job in self.client.jobs.list() if job.name not in before]
        self.course.lines.append(Line(self.number, notebook.removesuffix(".ipynb"), self.setup_seconds, notebook_seconds,
                                      time.monotonic() - started, [str_of(job.status) for job in executed.every_job]))
        return executed

    def ended(self, name):
        def over():
            job = self.client.jobs.get(name)
            return job if str_of(job.status) in FINAL else None

        return wait_for(f"the end of job {name}", over, timeout=600, pause=0.5)

    def log(self, job):
        """What the job printed, as the client downloads it."""
        target = self.course.scratch / "logs" / job.name
        self.client.jobs.download(job.name, download_path=target)
        found = list(target.rglob("std_log.txt"))
        return found[0].read_text() if found else ""

    def blob(self, container, name):
        import os

        from azure.storage.blob import BlobServiceClient

        service = BlobServiceClient.from_connection_string(os.environ["AZURE_STORAGE_CONNECTION_STRING"])
        return service.get_blob_client(container, name).download_blob().readall()

    # ---- MLflow, at the workspace of the lab ----

    @property
    def mlflow(self):
        import mlflow

        # Not the client's own argument: MLflow looks for artifacts where the process tracks.
        mlflow.set_tracking_uri(self.client.workspaces.get(self.client.workspace_name).mlflow_tracking_uri)
        return mlflow.MlflowClient()

    def runs(self, experiment, filter_string="", order_by=None, max_results=100):
        found = self.mlflow.get_experiment_by_name(experiment)
        assert found, f"there is no experiment {experiment}"
        return list(self.mlflow.search_runs([found.experiment_id], filter_string, order_by=order_by, max_results=max_results))

    def artifacts(self, run):
        return {item.path for item in self.mlflow.list_artifacts(run.info.run_id)}


class Executed:
    """An executed notebook: what its cells printed."""

    def __init__(self, notebook):
        self.cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        self.every_job = []

    @property
    def jobs(self):
        """The jobs that the notebook submitted, by display name."""
        return {job.display_name: job for job in self.every_job}

    @property
    def sources(self):
        return ["".join(cell["source"]) for cell in self.cells]

    def output(self, containing):
        """All text that the one cell whose source has `containing` gave."""
        cells = [cell for cell in self.cells if containing in "".join(cell["source"])]
        assert len(cells) == 1, f"{len(cells)} cells contain {containing!r}"
        parts = []
        for output in cells[0]["outputs"]:
            parts.append("".join(output.get("text", "")))
            parts.append("".join(output.get("data", {}).get("text/plain", "")))
        return "\n".join(parts)

    @property
    def statuses(self):
        return {name: str_of(job.status) for name, job in self.jobs.items()}
