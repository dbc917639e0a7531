"""Start and end: reads what is asked for, runs it, puts the rows together in the order of the input."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

from . import plan, settings
from .errors import JobFails
from .master import Master, Part
from .report import Report

_CHUNK = 1 << 20


def main() -> int:
    try:
        if sys.argv[1:2] == ["--worker"]:
            from . import worker

            index, orders, answers, spill = sys.argv[2:6]
            worker.serve(settings.read(), int(orders), int(answers), int(index), Path(spill))
            return 0
        return _master()
    except JobFails as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
        return 1


def _master() -> int:
    # A cancelled job ends at once, and its workers with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    given = settings.read()
    report = Report(given.logs, given.log_level)
    shutil.rmtree(given.work, ignore_errors=True)
    given.work.mkdir(parents=True)
    _variables(given)
    batches = plan.batches(given)
    workers = min(given.workers, len(batches))
    report.say(f"{len(batches)} mini-batches for {workers} worker processes")
    parts = Master(given, batches, report).run()
    if given.append_to:
        given.append_to.parent.mkdir(parents=True, exist_ok=True)
        _join(parts, given.append_to)
        report.say(f"the results are in {given.append_to.name}, {given.append_to.stat().st_size} bytes")
    shutil.rmtree(given.work, ignore_errors=True)
    return 0


def _variables(given: settings.Settings) -> None:
    """What scripts find in their environment."""
    if given.model:
        # The folder that contains the model, with the model's own name inside it.
        models = given.work / "models"
        models.mkdir()
        (models / given.model_name).symlink_to(given.model.resolve())
        os.environ["AZUREML_MODEL_DIR"] = str(models)
    if given.output_folder:
        given.output_folder.mkdir(parents=True, exist_ok=True)
        os.environ["AZUREML_BI_OUTPUT_PATH"] = str(given.output_folder)
    # Workers share the processors; libraries that take all of them would only wait for each other.
    threads = max(1, (os.cpu_count() or 1) // given.workers)
    os.environ.setdefault("OMP_NUM_THREADS", str(threads))


def _join(parts: dict[int, Part], target: Path) -> None:
    files = {part.spill: part.spill.open("rb") for part in parts.values()}
    try:
        with target.open("wb") as output:
            for index in sorted(parts):
                part = parts[index]
                source, left = files[part.spill], part.length
                source.seek(part.offset)
                while left > 0:
                    data = source.read(min(_CHUNK, left))
                    output.write(data)
                    left -= len(data)
    finally:
        for file in files.values():
            file.close()
