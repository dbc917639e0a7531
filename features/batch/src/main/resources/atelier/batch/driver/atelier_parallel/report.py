"""What the job says: progress on its standard output, mini-batches and errors in files of their own."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from pathlib import Path

_SECONDS_BETWEEN = 1.0


class Report:
    """Files, below the job's logs: `logs/azureml/job_progress_overview.txt`, `mini_batches.txt`, `job_error.txt`."""

    def __init__(self, logs: Path, level: str):
        folder = logs / "logs/azureml"
        folder.mkdir(parents=True, exist_ok=True)
        self._progress = (folder / "job_progress_overview.txt").open("a", buffering=1)
        self._batches = (folder / "mini_batches.txt").open("a", buffering=1)
        self._errors = folder / "job_error.txt"
        self._told = 0.0
        self._quiet = level == "WARNING"

    def say(self, text: str) -> None:
        if not self._quiet:
            print(_now(), text, flush=True)

    def succeeded(self, batch, worker, answer: dict, missing: int) -> None:
        few = f", {missing} results fewer than items" if missing else ""
        self._batches.write(
            f"{_now()} {batch.index} attempt {worker.attempt} process {worker.index:03d}: {answer['items']} items,"
            f" {answer['results']} results, {answer['seconds']:.3f} s{few}\n"
        )

    def failed(self, batch, worker, error: str, trace: str, again: bool) -> None:
        next_step = "it is tried again" if again else "it has failed for good"
        line = f"mini-batch {batch.index}, attempt {worker.attempt}, process {worker.index:03d}: {error}; {next_step}"
        self._batches.write(f"{_now()} {batch.index} attempt {worker.attempt} process {worker.index:03d}: failed: {error}\n")
        what = "\n".join(batch.files) if batch.files else "\n".join(str(part) for part in batch.parts)
        self._error(f"{line}\n{what}\n{trace}")
        print(_now(), line, flush=True)

    def not_started(self, worker, error: str, trace: str, how: str) -> None:
        line = f"process {worker.index:03d} could not start ({how}): {error}"
        self._error(f"{line}\n{trace}")
        print(_now(), line, flush=True)
        if trace:
            print(trace, flush=True)

    def progress(self, done: int, failed: int, total: int, items: int) -> None:
        line = f"{done + failed} of {total} mini-batches processed, {failed} failed, {items} items failed"
        self._progress.write(f"{_now()} {line}\n")
        now = time.monotonic()
        if now - self._told >= _SECONDS_BETWEEN or done + failed == total:
            self._told = now
            self.say(line)

    def _error(self, text: str) -> None:
        with self._errors.open("a") as file:
            file.write(f"{_now()} {text}\n")


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
