"""A model given as a script with `init()` and `run(data[, request_headers])`.

The contract is that of the Azure ML inference server: an undecorated `run` gets the body as a string, one decorated
with `input_schema` of the inference-schema package gets parsed arguments; what it returns is sent as JSON.
"""

import importlib.util
import inspect
import json
import sys
import traceback
from pathlib import Path

from .errors import BadRequest, CannotStart, NotSupported, RunFailed
from .model import Model, Reply


class ScriptModel(Model):
    def __init__(self, script: Path):
        module = _load(script)
        for name in ("init", "run"):
            if not callable(getattr(module, name, None)):
                raise CannotStart(f"{script.name} has no function {name}().")
        self._run = module.run
        self._decorated = _is_decorated(module.run)
        self._takes_headers = "request_headers" in _checked_parameters(module.run, script.name, self._decorated)
        try:
            module.init()
        except Exception as error:
            traceback.print_exc()
            raise CannotStart(f"init() of {script.name} raised {type(error).__name__}: {error}") from error

    def score(self, body: bytes, headers: dict[str, str]) -> object:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            raise BadRequest("The body is not UTF-8 text.") from None
        extra = {"request_headers": headers} if self._takes_headers else {}
        if self._decorated:
            arguments = _json_object(text)
            call = lambda: self._run(**arguments, **extra)  # noqa: E731
        else:
            call = lambda: self._run(text, **extra)  # noqa: E731
        try:
            result = call()
        except Exception as error:
            traceback.print_exc()
            raise RunFailed(f"{type(error).__name__}: {error}") from error
        return _as_reply(result)

    def invocations(self, body: bytes, content_type: str) -> object:
        return self.score(body, {"content-type": content_type})

    def infer(self, request: dict) -> list[dict]:
        raise NotSupported("This model is a script with run(); it has no tensors to describe. Use POST /score.")


def _load(script: Path):
    if not script.is_file():
        raise CannotStart(f"There is no scoring script {script}.")
    # The script's neighbours are importable, as when it is run by itself.
    sys.path.insert(0, str(script.parent))
    spec = importlib.util.spec_from_file_location(script.stem, script)
    module = importlib.util.module_from_spec(spec)
    sys.modules[script.stem] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        traceback.print_exc()
        raise CannotStart(f"{script.name} cannot be loaded: {type(error).__name__}: {error}") from error
    return module


def _checked_parameters(run, script: str, decorated: bool) -> list[str]:
    parameters = inspect.signature(run).parameters.values()
    for parameter in parameters:
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise CannotStart(f"run() of {script} has a parameter '{parameter}'; it may only have named ones.")
    names = [parameter.name for parameter in parameters]
    data = [name for name in names if name != "request_headers"]
    if not decorated and len(data) != 1:
        raise CannotStart(f"run() of {script} must take one parameter for the data, and may take request_headers.")
    return names


def _is_decorated(run) -> bool:
    try:
        from inference_schema.schema_util import is_schema_decorated
    except ImportError:
        return False
    return is_schema_decorated(run)


def _json_object(text: str) -> dict:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise BadRequest(f"The body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadRequest("The body must be a JSON object with run()'s parameters.")
    return value


def _as_reply(result: object) -> object:
    """Answers made with Flask or the Azure ML package are passed on as they are."""
    if hasattr(result, "status_code") and hasattr(result, "get_data"):
        headers = {str(name).lower(): str(value) for name, value in dict(result.headers).items()}
        return Reply(int(result.status_code), headers, result.get_data())
    return result
