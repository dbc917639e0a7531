"""Hands out the mini-batches: retries, replaces workers that die or take too long, counts what failed."""

from __future__ import annotations

import collections
import selectors
import time
from dataclasses import dataclass
from pathlib import Path

from .errors import JobFails
from .plan import Batch
from .process import Worker
from .report import Report
from .settings import Settings

START_SECONDS = 1800
LOOK_SECONDS = 1.0
FINISH_SECONDS = 10
MOST_FAILED_STARTS = 3


@dataclass(frozen=True)
class Part:
    """Where the rows of a mini-batch are."""

    spill: Path
    offset: int
    length: int


class Master:
    def __init__(self, settings: Settings, batches: list[Batch], report: Report):
        self._settings = settings
        self._batches = batches
        self._report = report
        self._waiting = collections.deque((batch, 1) for batch in batches)
        self._workers: dict[int, Worker] = {}
        self._selector = selectors.DefaultSelector()
        self._parts: dict[int, Part] = {}
        self._wanted = min(settings.workers, len(batches))
        self._starts = 0
        self._failed_starts = 0
        self._any_ready = False
        self._failed_batches = 0
        self._failed_items = 0

    def run(self) -> dict[int, Part]:
        """The rows of each mini-batch that succeeded.

        Raises JobFails when more failed than may.
        """
        try:
            self._feed()
            while self._waiting or any(worker.batch for worker in self._workers.values()):
                self._turn()
                self._feed()
            self._finish()
        finally:
            for worker in self._workers.values():
                worker.end()
        if not self._parts:
            raise JobFails(f"None of the {len(self._batches)} mini-batches succeeded; see logs/azureml/job_error.txt.")
        return self._parts

    def _feed(self) -> None:
        """Gives what waits to workers that have nothing to do, and starts workers while more waits."""
        for worker in self._workers.values():
            if self._waiting and worker.ready and not worker.batch:
                worker.give(*self._waiting.popleft())
        starting = sum(not worker.ready for worker in self._workers.values())
        for index in range(self._wanted):
            if index not in self._workers and starting < len(self._waiting) and self._failed_starts < MOST_FAILED_STARTS:
                self._start(index)
                starting += 1
        if self._waiting and not self._workers:
            raise JobFails("No worker process starts any more; see logs/azureml/job_error.txt.")

    def _start(self, index: int) -> None:
        log = self._settings.logs / f"user_logs/process{index:03d}.txt"
        worker = Worker(index, log, self._settings.work / f"rows-{self._starts:05d}")
        self._starts += 1
        self._workers[index] = worker
        self._selector.register(worker.answers, selectors.EVENT_READ, worker)

    def _finish(self) -> None:
        """Workers that are idle end by themselves, those that still start are not needed."""
        idle = [worker for worker in self._workers.values() if worker.ready]
        for worker in idle:
            worker.dismiss()
        for worker in idle:
            worker.wait(FINISH_SECONDS)

    def _turn(self) -> None:
        for key, _ in self._selector.select(self._pause()):
            worker: Worker = key.data
            answers, ended = worker.read()
            for answer in answers:
                self._take(worker, answer)
            if ended and self._workers.get(worker.index) is worker:
                self._ended(worker)
        now = time.monotonic()
        for worker in list(self._workers.values()):
            if worker.exited() and not self._has_answers(worker):
                # What it started may still hold its pipe open.
                self._ended(worker)
            elif now - worker.since > self._limit(worker):
                self._late(worker)

    def _has_answers(self, worker: Worker) -> bool:
        return any(key.data is worker for key, _ in self._selector.select(0))

    def _limit(self, worker: Worker) -> float:
        if not worker.ready:
            return START_SECONDS
        return self._settings.timeout if worker.batch else float("inf")

    def _pause(self) -> float:
        soonest = min((worker.since + self._limit(worker) for worker in self._workers.values()), default=0.0)
        return min(LOOK_SECONDS, max(0.0, soonest - time.monotonic()) + 0.001)

    def _take(self, worker: Worker, answer: dict) -> None:
        if "failed" in answer:
            self._not_started(worker, answer["failed"], answer["trace"])
        elif "ready" in answer:
            worker.ready = self._any_ready = True
            self._failed_starts = 0
        elif "error" in answer:
            self._failed(worker, answer["error"], answer["trace"], answer["items"])
        else:
            self._succeeded(worker, answer)

    def _succeeded(self, worker: Worker, answer: dict) -> None:
        batch = worker.batch
        worker.batch = None
        self._parts[batch.index] = Part(worker.spill, answer["offset"], answer["length"])
        missing = max(0, answer["items"] - answer["results"])
        self._failed_items += missing
        self._report.succeeded(batch, worker, answer, missing)
        self._progress()
        self._check_items("run() gave fewer results than the mini-batch has items.")

    def _failed(self, worker: Worker, error: str, trace: str = "", items: int = 0) -> None:
        batch, attempt = worker.batch, worker.attempt
        worker.batch = None
        again = attempt <= self._settings.retries
        self._report.failed(batch, worker, error, trace, again)
        if again:
            self._waiting.append((batch, attempt + 1))
            return
        self._failed_batches += 1
        self._failed_items += max(items, len(batch.files), 1)
        self._progress()
        limit = self._settings.batch_error_threshold
        if 0 <= limit < self._failed_batches:
            raise JobFails(
                f"{self._failed_batches} mini-batches failed; mini_batch_error_threshold allows {limit}."
                f" The last error: {error}"
            )
        self._check_items(error)

    def _check_items(self, error: str) -> None:
        limit = self._settings.error_threshold
        if 0 <= limit < self._failed_items:
            raise JobFails(f"{self._failed_items} items failed; error_threshold allows {limit}. The last error: {error}")

    def _late(self, worker: Worker) -> None:
        if not worker.ready:
            self._not_started(worker, f"init() took longer than {START_SECONDS} seconds.", "")
            return
        self._remove(worker)
        self._failed(worker, f"The mini-batch took longer than {self._settings.timeout:g} seconds.")

    def _ended(self, worker: Worker) -> None:
        if not worker.ready:
            self._not_started(worker, "It ended while it started.", "")
            return
        how = self._remove(worker)
        if worker.batch:
            self._failed(worker, f"The worker process ended ({how}).")

    def _not_started(self, worker: Worker, error: str, trace: str) -> None:
        how = self._remove(worker)
        self._failed_starts += 1
        self._report.not_started(worker, error, trace, how)
        if not self._any_ready:
            raise JobFails(f"The worker could not start: {error}")

    def _remove(self, worker: Worker) -> str:
        self._selector.unregister(worker.answers)
        del self._workers[worker.index]
        return worker.end()

    def _progress(self) -> None:
        self._report.progress(len(self._parts), self._failed_batches, len(self._batches), self._failed_items)
