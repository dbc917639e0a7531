"""The routes: Azure ML's scoring contract, MLflow's scoring server, Open Inference Protocol v2."""

import json
import os
import threading
import time
import traceback
import uuid
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout

from . import openapi
from .errors import (
    BadRequest,
    HeaderTooLong,
    MethodNotAllowed,
    NotFound,
    RunFailed,
    ScoringError,
    TooManyRequests,
)
from .http_server import Request, Response
from .jsonable import dumps
from .model import Model, Reply

LONGEST_REQUEST_ID = 100


class App:
    """Answers every request; no exception leaves `handle`.

    concurrency: how many requests score at once; others wait, at most `queue_wait_ms`, then get 429.
    timeout_ms: after this long a caller gets an error; the model's thread goes on, as Python cannot end it.
    """

    def __init__(
        self,
        model: Model,
        name: str,
        version: str,
        concurrency: int,
        queue_wait_ms: int,
        timeout_ms: int | None,
    ):
        self.model = model
        self.name = name
        self.version = version
        self._slots = threading.BoundedSemaphore(concurrency)
        self._queue_wait = queue_wait_ms / 1000
        self._timeout_ms = timeout_ms
        self._pool = ThreadPoolExecutor(concurrency, "score") if timeout_ms else None
        self._origins = [o.strip() for o in os.environ.get("AML_CORS_ORIGINS", "").split(",") if o.strip()]

    def handle(self, request: Request) -> Response:
        ids = {}
        try:
            ids = self._ids(request)
            response = self._route(request)
        except ScoringError as error:
            response = Response(error.status, dumps({"message": str(error)}))
            if isinstance(error, RunFailed):
                response.headers["x-ms-run-function-failed"] = "True"
        except Exception as error:
            traceback.print_exc()
            response = Response(500, dumps({"message": f"{type(error).__name__}: {error}"}))
        for name, value in ids.items():
            response.headers.setdefault(name, value)
        self._cors(request, response)
        return response

    @staticmethod
    def _ids(request: Request) -> dict[str, str]:
        given = request.headers.get("x-request-id") or request.headers.get("x-ms-request-id")
        client = request.headers.get("x-ms-client-request-id")
        for name, value in (("x-request-id", given), ("x-ms-client-request-id", client)):
            if value and len(value) > LONGEST_REQUEST_ID:
                raise HeaderTooLong(f"{name} is longer than {LONGEST_REQUEST_ID} characters.")
        request_id = given or str(uuid.uuid4())
        ids = {"x-request-id": request_id, "x-ms-request-id": request_id}
        return ids | {"x-ms-client-request-id": client} if client else ids

    def _cors(self, request: Request, response: Response) -> None:
        origin = request.headers.get("origin")
        if origin and (origin in self._origins or "*" in self._origins):
            response.headers["access-control-allow-origin"] = origin
            response.headers["access-control-allow-methods"] = "GET, POST, OPTIONS"
            response.headers["access-control-allow-headers"] = request.headers.get("access-control-request-headers", "*")

    def _route(self, request: Request) -> Response:
        path, method = request.path.rstrip("/") or "/", request.method
        if path == "/score":
            return self._score(request)
        if path == "/invocations":
            self._allow(method, "POST")
            content_type = request.headers.get("content-type", "")
            answer = self._run(lambda: self.model.invocations(request.body, content_type))
            return self._answer(answer, wrap=True)
        if path.startswith("/v2"):
            return self._v2(request, path.split("/")[2:])
        self._allow(method, "GET", "HEAD")
        if path == "/":
            return Response(200, b"Healthy", "text/plain")
        if path in ("/ping", "/health"):
            return Response(200, b"\n", "application/json")
        if path == "/version":
            return Response(200, self.version.encode(), "text/plain")
        if path == "/swagger.json":
            return Response(200, dumps(openapi.describe(self.model, self.name, self.version, request.query.get("version"))))
        raise NotFound(f"There is nothing at {path}. Score with POST /score.")

    @staticmethod
    def _allow(method: str, *allowed: str) -> None:
        if method not in allowed:
            raise MethodNotAllowed(f"{method} is not allowed here; use {' or '.join(allowed)}.")

    def _score(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(200, headers={"allow": "GET, POST, OPTIONS"})
        self._allow(request.method, "POST", "GET")
        body = request.body if request.method == "POST" else json.dumps(request.query).encode()
        return self._answer(self._run(lambda: self.model.score(body, request.headers)))

    def _run(self, call):
        """The result and how long it took in milliseconds."""
        if not self._slots.acquire(timeout=self._queue_wait):
            raise TooManyRequests("All workers are busy; try again.")
        if self._pool is None:
            try:
                return self._timed(call)
            finally:
                self._slots.release()
        future = self._pool.submit(self._timed, call)
        # The slot is free when the thread is, not when the caller gave up.
        future.add_done_callback(lambda _: self._slots.release())
        try:
            return future.result(self._timeout_ms / 1000)
        except FutureTimeout:
            raise RunFailed(f"Scoring timeout after {self._timeout_ms} ms") from None

    @staticmethod
    def _timed(call):
        started = time.perf_counter()
        return call(), (time.perf_counter() - started) * 1000

    @staticmethod
    def _answer(timed, wrap: bool = False) -> Response:
        value, milliseconds = timed
        headers = {"x-ms-run-fn-exec-ms": f"{milliseconds:.2f}", "x-ms-run-function-failed": "False"}
        if isinstance(value, Reply):
            content_type = value.headers.get("content-type", "application/json")
            others = {k: v for k, v in value.headers.items() if k not in ("content-type", "content-length", "connection")}
            return Response(value.status, value.body, content_type, others | headers)
        try:
            return Response(200, dumps({"predictions": value} if wrap else value), headers=headers)
        except TypeError as error:
            raise RunFailed(str(error)) from None

    def _v2(self, request: Request, parts: list[str]) -> Response:
        """Open Inference Protocol, version 2, REST."""
        match parts:
            case []:
                self._allow(request.method, "GET")
                return Response(200, dumps({"name": "atelier", "version": "1", "extensions": []}))
            case ["health", "live" | "ready"]:
                self._allow(request.method, "GET")
                return Response(200, dumps({parts[1]: True}))
            case ["models", name, *rest]:
                return self._v2_model(request, name, rest)
        raise NotFound(f"There is nothing at {request.path}.")

    def _v2_model(self, request: Request, name: str, rest: list[str]) -> Response:
        if name != self.name:
            raise NotFound(f"There is no model '{name}' here; this is '{self.name}'.")
        if rest[:1] == ["versions"]:
            if rest[1:2] != [self.version]:
                raise NotFound(f"'{name}' is served in version {self.version}.")
            rest = rest[2:]
        match rest:
            case []:
                self._allow(request.method, "GET")
                return Response(200, dumps(openapi.v2_metadata(self.model, self.name, self.version)))
            case ["ready"]:
                self._allow(request.method, "GET")
                return Response(200, dumps({"name": self.name, "ready": True}))
            case ["infer"]:
                self._allow(request.method, "POST")
                return self._v2_infer(request)
        raise NotFound(f"There is nothing at {request.path}.")

    def _v2_infer(self, request: Request) -> Response:
        try:
            body = json.loads(request.body)
        except ValueError as error:
            raise BadRequest(f"The body is not JSON: {error}") from None
        if not isinstance(body, dict):
            raise BadRequest("The body must be an object with 'inputs'.")
        outputs, milliseconds = self._run(lambda: self.model.infer(body))
        answer = {"model_name": self.name, "model_version": self.version, "outputs": outputs}
        if body.get("id"):
            answer["id"] = body["id"]
        return Response(200, dumps(answer), headers={"x-ms-run-fn-exec-ms": f"{milliseconds:.2f}"})
