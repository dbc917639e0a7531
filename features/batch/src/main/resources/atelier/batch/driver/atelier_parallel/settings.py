"""What is asked for, from the environment: one JSON variable, and the values of the job's inputs and outputs."""

from __future__ import annotations

import json
import os
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

from .errors import JobFails

_EXPRESSION = re.compile(r"\$\{\{\s*(inputs|outputs)\.([A-Za-z_][\w.\-]*?)\s*}}")
_GROUP = re.compile(r"\$\[\[(.*?)]]", re.DOTALL)
_SIZE = re.compile(r"^(\d+)\s*([kmg]b)?$", re.IGNORECASE)
_UNITS = {"kb": 1024, "mb": 1024**2, "gb": 1024**3}


@dataclass(frozen=True)
class Settings:
    """
    input            file or folder that is cut into mini-batches
    table            the MLTable that describes the input; None when the input is files
    batch_files      files in a mini-batch
    batch_bytes      bytes in a mini-batch; None counts files
    partition_keys   columns whose values decide the mini-batch; empty for none
    script           entry script, relative to the working folder; None serves an MLflow model without code
    model            folder or file of the model, with the name it had; None for none
    append_to        file that takes the results; None keeps none of them
    workers          processes that run at once
    error_threshold, batch_error_threshold   items and mini-batches that may fail; -1 for any number
    retries          further attempts at a mini-batch that failed
    timeout          seconds that one attempt may take
    """

    input: Path
    table: dict | None
    batch_files: int
    batch_bytes: int | None
    partition_keys: tuple[str, ...]
    script: str | None
    arguments: tuple[str, ...]
    model: Path | None
    model_name: str
    append_to: Path | None
    output_folder: Path | None
    workers: int
    error_threshold: int
    batch_error_threshold: int
    retries: int
    timeout: float
    log_level: str
    logs: Path = field(default=Path("logs"))
    work: Path = field(default=Path("work"))


def read(environment=os.environ) -> Settings:
    given = json.loads(environment["ATELIER_PARALLEL"])
    values = _Values(environment)
    root = Path(environment["AZUREML_CR_EXECUTION_WORKING_DIR_PATH"]).parent
    files, size = _batch_size(given.get("miniBatchSize"), given.get("table") is not None)
    append_to = given.get("appendTo")
    output = Path(values.fill(append_to)) if append_to else None
    if output is not None and output.is_dir():
        output = output / "parallel_run_step.txt"
    folder = given.get("outputFolder")
    output_folder = Path(values.fill(folder)) if folder else output.parent if output else None
    model = given.get("model")
    return Settings(
        input=Path(values.input(given["input"])),
        table=given.get("table"),
        batch_files=files,
        batch_bytes=size,
        partition_keys=tuple(given.get("partitionKeys") or ()),
        script=given.get("script"),
        arguments=tuple(values.arguments(given.get("arguments") or "")),
        model=Path(values.input(model)) if model else None,
        model_name=given.get("modelName") or "model",
        append_to=output,
        output_folder=output_folder,
        workers=max(1, int(given.get("workers", 1))),
        error_threshold=int(given.get("errorThreshold", -1)),
        batch_error_threshold=int(given.get("miniBatchErrorThreshold", -1)),
        retries=int(given.get("maxRetries", 3)),
        timeout=float(given.get("timeoutSeconds", 60)),
        log_level=given.get("loggingLevel", "INFO").upper(),
        logs=Path(environment.get("ATELIER_JOB_LOGS") or root / "log"),
        work=root / "parallel",
    )


def _batch_size(given, tabular: bool) -> tuple[int, int | None]:
    """Files in a mini-batch, or bytes. A bare number counts files, and bytes when the input is a table."""
    if given is None:
        return (1, 1024**2) if tabular else (10, None)
    match = _SIZE.match(str(given).strip())
    if not match or int(match.group(1)) < 1:
        raise JobFails(f"mini_batch_size is a number of files, or bytes such as 10kb, not '{given}'.")
    number, unit = int(match.group(1)), match.group(2)
    if unit:
        return 1, number * _UNITS[unit.lower()]
    return (1, number) if tabular else (number, None)


class _Values:
    """Values of inputs and outputs: literals as they are, data as local paths."""

    def __init__(self, environment):
        self._environment = environment

    def input(self, name: str) -> str:
        return self._value("inputs", name)

    def fill(self, text: str) -> str:
        return _EXPRESSION.sub(lambda match: self._value(match.group(1), match.group(2)), text)

    def arguments(self, text: str) -> list[str]:
        """The argument list. An optional group vanishes when an input it names is not given."""

        def group(match):
            names = [name for kind, name in _EXPRESSION.findall(match.group(1)) if kind == "inputs"]
            return match.group(1) if all(self._find("inputs", name) is not None for name in names) else ""

        # An expression may have blanks inside its braces; it is one word, whatever its value holds.
        tight = _EXPRESSION.sub(lambda match: "${{" + match.group(1) + "." + match.group(2) + "}}", _GROUP.sub(group, text))
        return [self.fill(word) for word in shlex.split(tight)]

    def _find(self, kind: str, name: str) -> str | None:
        prefix = "AZURE_ML_INPUT_" if kind == "inputs" else "AZURE_ML_OUTPUT_"
        value = self._environment.get(prefix + name)
        if value is None and name.endswith(".path"):
            value = self._environment.get(prefix + name[: -len(".path")])
        return value

    def _value(self, kind: str, name: str) -> str:
        value = self._find(kind, name)
        if value is None:
            raise JobFails(f"The job has no {kind[:-1]} '{name}', which it uses.")
        return value
