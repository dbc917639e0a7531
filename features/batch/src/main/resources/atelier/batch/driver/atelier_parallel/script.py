"""A scoring script: `init()` once, `run(mini_batch)` or `run(mini_batch, context)` for each mini-batch."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from dataclasses import dataclass, field
from pathlib import Path

from . import rows
from .errors import JobFails


@dataclass(frozen=True)
class Context:
    """The second argument of `run`, for scripts that take one."""

    minibatch_index: int
    partition_key_value: dict = field(default_factory=dict)
    process_index: int = 0

    @property
    def mini_batch_id(self) -> int:
        return self.minibatch_index


class Script:
    def __init__(self, name: str, arguments: tuple[str, ...]):
        path = Path(name).resolve()
        if not path.is_file():
            raise JobFails(f"The code has no file '{name}'.")
        sys.argv = [str(path), *arguments]
        # The script's neighbours and the code's folder are importable.
        sys.path[:0] = [str(path.parent), str(Path.cwd())]
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[path.stem] = module
        spec.loader.exec_module(module)
        self._run = getattr(module, "run", None)
        if not callable(self._run):
            raise JobFails(f"{path.name} has no function run().")
        self._takes_context = _takes_context(self._run, path.name)
        if callable(getattr(module, "init", None)):
            module.init()

    def run(self, mini_batch, context: Context) -> tuple[int, str]:
        result = self._run(mini_batch, context) if self._takes_context else self._run(mini_batch)
        return rows.of_script(result)


def _takes_context(run, name: str) -> bool:
    parameters = [p for p in inspect.signature(run).parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [p for p in parameters if p.default is p.empty]
    if not parameters or len(needed) > 2:
        raise JobFails(f"run() of {name} takes the mini-batch, and may take a context; it has {len(needed)} parameters.")
    return len(parameters) >= 2
