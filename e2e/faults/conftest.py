import pathlib
import textwrap

import pytest

HERE = pathlib.Path(__file__).parent


class Diary:
    """What the steps themselves saw, kept outside the server."""

    def __init__(self, folder):
        self.folder = folder

    def lines(self, name):
        file = self.folder / name
        # A line that is being written counts when it is whole.
        return [line for line in file.read_text().split("\n")[:-1]] if file.exists() else []

    def starts(self):
        """Step name, job name, process id; one for every time a step's script began."""
        return [line.split() for line in self.lines("starts")]

    def go(self, *steps):
        for step in steps:
            (self.folder / f"go-{step}").touch()


@pytest.fixture
def diary(tmp_path):
    folder = tmp_path / "diary"
    folder.mkdir()
    return Diary(folder)


@pytest.fixture
def two_steps(tmp_path, diary):
    """A pipeline.yml of two steps, the second reading what the first wrote; each waits for its `go`."""
    folder = tmp_path / "pipeline"
    (folder / "src").mkdir(parents=True)
    (folder / "src/work.py").write_text((HERE / "work.py").read_text())
    (folder / "pipeline.yml").write_text(textwrap.dedent(f"""
        $schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
        type: pipeline
        display_name: two-steps
        experiment_name: faults
        settings:
          default_compute: azureml:serverless
          force_rerun: true
        jobs:
          first:
            type: command
            code: src
            environment:
              image: python:3.11-slim
            command: python work.py {diary.folder} first - ${{{{outputs.result}}}}
            outputs:
              result:
                type: uri_folder
          second:
            type: command
            code: src
            environment:
              image: python:3.11-slim
            command: python work.py {diary.folder} second ${{{{inputs.before}}}} ${{{{outputs.result}}}}
            inputs:
              before:
                type: uri_folder
                path: ${{{{parent.jobs.first.outputs.result}}}}
            outputs:
              result:
                type: uri_folder
        """))
    return folder / "pipeline.yml"
