"""An MLflow model served without code: any flavour that has `python_function`.

Bodies: Azure ML's `{"input_data": …, "params": …}` as its no-code deployment reads it (a table in `split` form, a list,
or named tensors), and those of MLflow's scoring server (`dataframe_split`, `dataframe_records`, `instances`, `inputs`).
"""

import json
import traceback
from io import StringIO
from pathlib import Path

from .errors import BadRequest, CannotStart, RunFailed, ScoringError, UnsupportedMedia
from .model import Column, Model, Signature
from .tables import from_split, from_tensors, from_unnamed, fit, outputs_v2, tensors_v2

_BODIES = ("input_data", "dataframe_split", "dataframe_records", "instances", "inputs")


class MlflowModel(Model):
    def __init__(self, folder: Path):
        if not (folder / "MLmodel").is_file():
            raise CannotStart(f"{folder} is not an MLflow model: it has no MLmodel file.")
        try:
            from mlflow.exceptions import MlflowException
            from mlflow.pyfunc import load_model
        except ImportError as error:
            raise CannotStart(f"The model's environment cannot load MLflow models: {error}") from error
        self._refusals = (MlflowException,)
        try:
            self._model = load_model(str(folder))
        except Exception as error:
            traceback.print_exc()
            raise CannotStart(f"The model cannot be loaded: {type(error).__name__}: {error}") from error
        self.signature = _signature(self._model.metadata.signature)
        self.example = _example(folder, self.signature)

    def warm_up(self) -> None:
        if self.example is not None:
            for _ in range(2):
                self.score(json.dumps(self.example).encode(), {})

    def score(self, body: bytes, headers: dict[str, str]) -> object:
        data, params = self._parse(_json(body))
        return self._predict(data, params)

    def invocations(self, body: bytes, content_type: str) -> object:
        kind = content_type.partition(";")[0].strip().lower()
        if kind == "text/csv":
            import pandas as pd

            try:
                return self._predict(fit(pd.read_csv(StringIO(body.decode())), self.signature), None)
            except (ValueError, UnicodeDecodeError) as error:
                raise BadRequest(f"The body is not CSV: {error}") from None
        if kind not in ("application/json", ""):
            raise UnsupportedMedia(f"Content type '{kind}' is not read; send application/json or text/csv.")
        return self.score(body, {})

    def infer(self, request: dict) -> list[dict]:
        return outputs_v2(self._predict(tensors_v2(request, self.signature), request.get("parameters", {}).get("params")))

    def _parse(self, body: object) -> tuple[object, dict | None]:
        if not isinstance(body, dict):
            raise BadRequest(f"The body must be an object with one of: {', '.join(_BODIES)}.")
        present = [name for name in _BODIES if name in body]
        if len(present) != 1:
            raise BadRequest(f"The body must have exactly one of: {', '.join(_BODIES)}. It has: {', '.join(body) or 'none'}.")
        kind, data, params = present[0], body[present[0]], body.get("params")
        if params is not None and not isinstance(params, dict):
            raise BadRequest("'params' must be an object.")
        if kind == "dataframe_split" or (isinstance(data, dict) and {"columns", "data"} <= data.keys()):
            return from_split(data, self.signature), params
        if isinstance(data, dict):
            return from_tensors(data, self.signature), params
        if isinstance(data, list):
            return from_unnamed(data, self.signature), params
        raise BadRequest(f"'{kind}' must be a table, a list or an object of named tensors.")

    def _predict(self, data: object, params: dict | None) -> object:
        try:
            return self._model.predict(data, params=params) if params else self._model.predict(data)
        except ScoringError:
            raise
        except self._refusals as error:
            # MLflow refuses data that does not fit the signature this way, before the model sees it.
            raise BadRequest(str(error)) from error
        except Exception as error:
            traceback.print_exc()
            raise RunFailed(f"{type(error).__name__}: {error}") from error


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError as error:
        raise BadRequest(f"The body is not JSON: {error}") from None


def _signature(signature) -> Signature:
    if signature is None:
        return Signature()

    def columns(schema) -> tuple[Column, ...]:
        return tuple(_column(spec) for spec in schema.inputs) if schema is not None else ()

    params = tuple(_column(spec) for spec in signature.params.params) if signature.params is not None else ()
    return Signature(columns(signature.inputs), columns(signature.outputs), params)


def _column(spec) -> Column:
    kind = getattr(spec, "type", None) or getattr(spec, "dtype", None)
    shape = getattr(spec, "shape", None)
    # A table's types are an enumeration of MLflow's, a tensor's are numpy's; both have a name, nested ones do not.
    return Column(spec.name, getattr(kind, "name", str(kind)), getattr(spec, "required", True), shape)


def _example(folder: Path, signature: Signature) -> object:
    """The example the model was logged with, in Azure ML's form."""
    file = folder / "serving_input_example.json"
    try:
        body = json.loads(file.read_text())
    except (OSError, ValueError):
        return None
    if not isinstance(body, dict):
        return None
    if "dataframe_split" in body:
        split = body["dataframe_split"]
        return {"input_data": {"columns": split.get("columns"), "index": list(range(len(split["data"]))), "data": split["data"]}}
    for name in ("inputs", "instances", "dataframe_records"):
        if name in body:
            return {"input_data": body[name]}
    return None
