"""An MLflow model without code: each file is read as a table, the model predicts, the lines name row and file."""

from __future__ import annotations

import json
from pathlib import Path

from . import rows
from .errors import BatchFails, JobFails

_NUMBERS = {"double": "float64", "float": "float32", "long": "int64", "integer": "int32"}
_KINDS = ".csv, .tsv, .parquet, .json, .jsonl"


class MlflowScorer:
    def __init__(self, folder: Path):
        try:
            from mlflow import pyfunc
        except ImportError as error:
            raise JobFails(f"The environment cannot load MLflow models: {error}.") from None
        self._model = pyfunc.load_model(str(folder))
        schema = self._model.metadata.get_input_schema()
        table = schema is not None and not schema.is_tensor_spec() and schema.has_input_names()
        self._columns = list(schema.inputs) if table else []

    def run(self, files: list[str]) -> tuple[int, str]:
        """Number of files that were scored, and the lines."""
        lines = []
        for file in map(Path, files):
            frame = self._fit(read(file), file.name)
            lines.append(rows.of_predictions(self._model.predict(frame), file.name)[1])
        return len(files), "".join(lines)

    def _fit(self, frame, name: str):
        """The frame with the types that the signature names: 5 in a file may be meant as 5.0."""
        missing = [c.name for c in self._columns if getattr(c, "required", True) and c.name not in frame.columns]
        if missing:
            given = ", ".join(map(str, frame.columns))
            raise BatchFails(f"{name} has no column {', '.join(missing)}. It has: {given}.")
        for column in self._columns:
            wanted = _NUMBERS.get(getattr(column.type, "name", str(column.type)))
            if wanted is None or column.name not in frame.columns or str(frame[column.name].dtype) == wanted:
                continue
            try:
                frame[column.name] = frame[column.name].astype(wanted)
            except (ValueError, TypeError) as error:
                raise BatchFails(f"Column '{column.name}' of {name} must be numbers ({wanted}): {error}") from None
        return frame


def read(path: Path):
    """A file as a DataFrame."""
    import pandas as pd

    kind = path.suffix.lower() if path.suffix.lower() != ".gz" else Path(path.stem).suffix.lower()
    try:
        if kind in (".csv", ".txt"):
            return pd.read_csv(path)
        if kind == ".tsv":
            return pd.read_csv(path, sep="\t")
        if kind in (".parquet", ".pq"):
            return pd.read_parquet(path)
        if kind in (".jsonl", ".ndjson"):
            return pd.read_json(path, lines=True)
        if kind == ".json":
            return _json(path)
    except (ValueError, OSError) as error:
        raise BatchFails(f"{path.name} cannot be read as {kind}: {error}") from None
    raise BatchFails(f"{path.name} is no table that a model without code can read; it reads {_KINDS}.")


def _json(path: Path):
    import pandas as pd

    value = json.loads(path.read_text())
    if isinstance(value, dict) and isinstance(value.get("input_data"), (dict, list)):
        value = value["input_data"]
    if isinstance(value, dict) and {"columns", "data"} <= value.keys():
        return pd.DataFrame(value["data"], columns=value["columns"])
    return pd.DataFrame(value)
