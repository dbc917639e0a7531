"""A scoring server of the standard library alone: it does what the request's body, or a file of the model, tells it."""

import argparse
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--mlflow-model", type=Path)
parser.add_argument("--entry-script", type=Path)
parser.add_argument("--model-dir", type=Path)
parser.add_argument("--status-file", type=Path)
args, _ = parser.parse_known_args()


def report(status):
    temporary = args.status_file.with_name(args.status_file.name + ".tmp")
    temporary.write_text(json.dumps(status | {"pid": os.getpid()}))
    os.replace(temporary, args.status_file)


report({"state": "loading"})
answer = (args.entry_script or args.mlflow_model / "answer.txt").read_text()
if answer == "fail":
    report({"state": "failed", "error": "The model has a broken leg."})
    sys.exit(3)
if answer == "sleep":
    time.sleep(60)
if answer == "die":
    print("about to die", flush=True)
    sys.exit(1)


# What a request with "unwell" writes; another process of the same deployment finds it gone.
unwell = args.status_file.with_name(f"unwell-{os.getpid()}")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/" and unwell.exists():
            if unwell.read_text() == "hang":
                threading.Event().wait()
            self.reply(503, b"Unwell", "text/plain")
            return
        self.reply(200, b"Healthy" if self.path == "/" else self.path.encode(), "text/plain")

    def do_POST(self):
        body = self.body()
        wish = json.loads(body) if body[:1] == b"{" else {}
        if answer == "stuck":
            print("stuck with", body.decode(), flush=True)
            threading.Event().wait()
        if wish.get("crash"):
            os._exit(9)
        if "unwell" in wish:
            unwell.write_text(wish["unwell"])
            threading.Timer(wish.get("seconds", 1e6), unwell.unlink).start()
        if "sleep" in wish:
            time.sleep(wish["sleep"])
        if "status" in wish:
            self.reply(wish["status"], b'{"message":"the model said no"}', failed=wish["status"] >= 500)
            return
        said = {
            "answer": answer,
            "pid": os.getpid(),
            "bytes": len(body),
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "model_dir": os.environ.get("AZUREML_MODEL_DIR"),
            "variable": os.environ.get("GREETING"),
        }
        self.reply(200, json.dumps(said).encode())

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        pieces = []
        while size := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def reply(self, status, body, kind="application/json", failed=False):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-ms-run-fn-exec-ms", "1")
        if failed:
            self.send_header("x-ms-run-function-failed", "True")
        self.end_headers()
        self.wfile.write(body)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
report({"state": "ready", "port": server.server_address[1]})
print("serving", answer, flush=True)
server.serve_forever()
