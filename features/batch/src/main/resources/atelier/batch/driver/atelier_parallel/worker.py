"""One worker process. Orders come and answers go as lines of JSON over two pipes; what the script prints goes to the
worker's own log. The results go to a file of the worker's, and the answer says where in it they are."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from pathlib import Path

from . import plan as plans
from . import tables
from .errors import BatchFails, JobFails
from .script import Context, Script


def serve(settings, orders_fd: int, answers_fd: int, index: int, spill: Path) -> None:
    for descriptor in (orders_fd, answers_fd):
        os.set_inheritable(descriptor, False)
    orders, answers = os.fdopen(orders_fd, "r"), os.fdopen(answers_fd, "w", buffering=1)

    def answer(**facts) -> None:
        answers.write(json.dumps(facts) + "\n")

    try:
        run = _runner(settings, index)
    except BaseException as error:
        traceback.print_exc()
        told = str(error) if isinstance(error, JobFails) else f"{type(error).__name__}: {error}"
        answer(failed=told, trace=traceback.format_exc())
        return
    answer(ready=True)
    with spill.open("ab") as results:
        # The end of the pipe is the end of the master: nobody would take what is made from here on.
        for line in orders:
            batch = plans.Batch(**json.loads(line))
            print(f"mini-batch {batch.index} begins", flush=True)
            started = time.perf_counter()
            try:
                count, text = run(batch)
                offset, data = results.tell(), text.encode() if settings.append_to else b""
                results.write(data)
                results.flush()
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                if not isinstance(error, BatchFails):
                    traceback.print_exc()
                sys.stdout.flush()
                told = str(error) if isinstance(error, BatchFails) else f"{type(error).__name__}: {error}"
                answer(batch=batch.index, error=told, trace=traceback.format_exc(), items=run.items)
                continue
            seconds = time.perf_counter() - started
            print(f"mini-batch {batch.index} ends after {seconds:.3f} s with {count} results", flush=True)
            answer(batch=batch.index, results=count, items=run.items, offset=offset, length=len(data), seconds=seconds)
    if not settings.script:
        # No code of the user's waits for the end, and taking large libraries down in order takes seconds.
        sys.stdout.flush()
        os._exit(0)


def _runner(settings, index: int):
    return _ScriptRunner(settings, index) if settings.script else _ModelRunner(settings)


class _ScriptRunner:
    def __init__(self, settings, index: int):
        self.items = 0
        self._index = index
        self._script = Script(settings.script, settings.arguments)
        base = settings.input if settings.input.is_dir() else settings.input.parent
        self._table = plans.table_of(settings.table, base) if settings.table is not None else None

    def __call__(self, batch: plans.Batch) -> tuple[int, str]:
        mini_batch = tables.read(self._table, batch.parts) if batch.parts else batch.files
        self.items = len(mini_batch)
        return self._script.run(mini_batch, Context(batch.index, batch.partition, self._index))


class _ModelRunner:
    def __init__(self, settings):
        from .mlflow_scorer import MlflowScorer

        if settings.model is None:
            raise JobFails("A job without a script needs a model.")
        self.items = 0
        self._scorer = MlflowScorer(settings.model)

    def __call__(self, batch: plans.Batch) -> tuple[int, str]:
        files = batch.files or [part[0] for part in batch.parts]
        self.items = len(files)
        return self._scorer.run(files)
