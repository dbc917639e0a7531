"""A worker process as the master sees it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from .plan import Batch


class Worker:
    """
    answers    file descriptor to wait on
    batch      what it works on, with the number of this attempt; None when it is idle or starting
    """

    def __init__(self, index: int, log: Path, spill: Path):
        self.index = index
        self.spill = spill
        self.ready = False
        self.batch: Batch | None = None
        self.attempt = 0
        self.since = time.monotonic()
        self._rest = b""
        log.parent.mkdir(parents=True, exist_ok=True)
        orders_read, self._orders = os.pipe()
        self.answers, answers_write = os.pipe()
        main = str(Path(__file__).resolve().parent.parent / "parallel.py")
        command = [sys.executable, "-u", main, "--worker", str(index), str(orders_read), str(answers_write), str(spill)]
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(orders_read, answers_write),
                # A group of its own, so that what the script starts ends with it; the session stays the job's.
                preexec_fn=os.setpgrp,
            )
        os.close(orders_read)
        os.close(answers_write)

    def give(self, batch: Batch, attempt: int) -> None:
        self.batch, self.attempt, self.since = batch, attempt, time.monotonic()
        line = json.dumps({"index": batch.index, "files": batch.files, "parts": batch.parts, "partition": batch.partition})
        data = line.encode() + b"\n"
        try:
            while data:
                data = data[os.write(self._orders, data) :]
        except BrokenPipeError:
            pass  # It has just ended; the end of its answers tells.

    def read(self) -> tuple[list[dict], bool]:
        """Answers that are whole, and whether the worker has ended."""
        data = os.read(self.answers, 1 << 16)
        *lines, self._rest = (self._rest + data).split(b"\n")
        return [json.loads(line) for line in lines], not data

    def end(self) -> str:
        """Ends it when it has not; how it ended."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        code = self._process.wait()
        for descriptor in (self._orders, self.answers):
            os.close(descriptor)
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def exited(self) -> bool:
        return self._process.poll() is not None

    def dismiss(self) -> None:
        """No more mini-batches: it ends by itself."""
        os.close(self._orders)
        self._orders = os.open(os.devnull, os.O_WRONLY)

    def wait(self, seconds: float) -> None:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass  # Its exit handlers hang; `end` does not wait for them.
