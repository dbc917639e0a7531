"""Arguments, start, stop.

What the supervisor sees is the status file, replaced as a whole each time it changes: `{"state": "loading"}`, then
`{"state": "ready", "port": n, …}` or `{"state": "failed", "error": "one sentence"}`. The server listens only when the
model is loaded and warm, so a port that is known is one that answers.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
import traceback
from pathlib import Path

EXIT_CANNOT_START = 3
DRAIN_SECONDS = 10


def main() -> None:
    args = _arguments()
    # One request, one core: several threads for one row only wait for each other.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if args.model_dir:
        os.environ["AZUREML_MODEL_DIR"] = str(args.model_dir)

    from .errors import CannotStart

    _report(args.status_file, {"state": "loading", "pid": os.getpid()})
    if args.exit_with_stdin:
        threading.Thread(target=_exit_with_stdin, daemon=True).start()
    started = time.perf_counter()
    try:
        model = _load(args)
        loaded = time.perf_counter()
        _warm_up(model)
        warm = time.perf_counter()
        server = _server(args, model)
    except CannotStart as problem:
        print(f"cannot start: {problem}", file=sys.stderr, flush=True)
        _report(args.status_file, {"state": "failed", "pid": os.getpid(), "error": str(problem)})
        sys.exit(EXIT_CANNOT_START)

    times = {"loadMs": round((loaded - started) * 1000), "warmUpMs": round((warm - loaded) * 1000)}
    port = server.server_address[1]
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    signal.signal(signal.SIGINT, signal.getsignal(signal.SIGTERM))
    _report(args.status_file, {"state": "ready", "pid": os.getpid(), "port": port} | times)
    print(f"serving {args.name} version {args.version} on port {port}, {times}", flush=True)
    server.serve_forever(poll_interval=0.2)
    server.socket.close()
    server.drain(DRAIN_SECONDS)
    print("stopped", flush=True)
    # Threads of libraries that are still at work must not hold the process back.
    sys.stdout.flush()
    os._exit(0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="serve.py", description="Serves one model over HTTP on the loopback interface.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--mlflow-model", type=Path, help="folder with an MLmodel file; served without code")
    what.add_argument("--entry-script", type=Path, help="script with init() and run()")
    parser.add_argument("--model-dir", type=Path, help="folder that holds the model, AZUREML_MODEL_DIR of the script")
    parser.add_argument("--status-file", type=Path, help="where state and port are written")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--name", default="model", help="the model's name in descriptions and in /v2/models/NAME")
    parser.add_argument("--version", default="1")
    parser.add_argument("--max-body-bytes", type=int, default=64 * 1024 * 1024)
    parser.add_argument("--concurrency", type=int, default=4, help="requests that score at once")
    parser.add_argument("--queue-wait-ms", type=int, default=30_000, help="longest wait for a place, then 429")
    parser.add_argument("--exit-with-stdin", action="store_true", help="stop when standard input is closed")
    return parser.parse_args()


def _load(args: argparse.Namespace):
    if args.mlflow_model:
        from .mlflow_model import MlflowModel

        return MlflowModel(args.mlflow_model)
    from .script_model import ScriptModel

    return ScriptModel(args.entry_script)


def _warm_up(model) -> None:
    try:
        model.warm_up()
    except Exception:
        # The example may be out of date while the model is sound; the log says so, callers are served.
        traceback.print_exc()
        print("warm-up with the model's own example failed", file=sys.stderr, flush=True)


def _server(args: argparse.Namespace, model):
    from .app import App
    from .errors import CannotStart
    from .http_server import Server

    timeout = os.environ.get("SCORING_TIMEOUT_MS", "")
    app = App(
        model, args.name, args.version, args.concurrency, args.queue_wait_ms, int(timeout) if timeout.isdigit() else None
    )
    try:
        return Server((args.host, args.port), app.handle, args.max_body_bytes)
    except OSError as error:
        raise CannotStart(f"Cannot listen on {args.host}:{args.port}: {error.strerror}") from error


def _report(file: Path | None, status: dict) -> None:
    if file is None:
        return
    temporary = file.with_name(file.name + ".tmp")
    temporary.write_text(json.dumps(status))
    os.replace(temporary, file)


def _exit_with_stdin() -> None:
    """A supervisor that dies, however suddenly, closes the pipe it held."""
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass
    os._exit(0)
