"""HTTP/1.1 on plain sockets: keep-alive, one thread per connection, bounded bodies.

Python's own `http.server` parses headers with the e-mail package and writes an answer in several packets; both are a
good part of the time that a small model needs. Only the gateway on the same machine talks to this server, so it knows
just what HTTP/1.1 requires.
"""

import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote

MOST_HEADER_BYTES = 64 * 1024
IDLE_SECONDS = 120


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]  # names in lower case
    body: bytes = b""


@dataclass
class Response:
    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class _Refused(Exception):
    """What was sent is not a request that can be answered and the connection goes on from; it is closed."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status


class Server(socketserver.ThreadingTCPServer):
    """Hands each request to `handle`, which must not raise."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 512

    def __init__(self, address: tuple[str, int], handle: Callable[[Request], Response], max_body: int):
        self.handle_request_fn = handle
        self.max_body = max_body
        self.stopping = False
        self._busy = 0
        self._idle = threading.Condition()
        super().__init__(address, _Connection)

    def __enter_request__(self) -> None:
        with self._idle:
            self._busy += 1

    def __exit_request__(self) -> None:
        with self._idle:
            self._busy -= 1
            self._idle.notify_all()

    def drain(self, seconds: float) -> bool:
        """Waits until the requests under way are answered; False when the time was too short."""
        self.stopping = True
        with self._idle:
            return self._idle.wait_for(lambda: self._busy == 0, timeout=seconds)

    def handle_error(self, request, client_address) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class _Connection(socketserver.StreamRequestHandler):
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    rbufsize = 64 * 1024

    def handle(self) -> None:
        while not self.server.stopping:
            try:
                request = self._read_head()
            except (ConnectionError, TimeoutError):
                return
            except _Refused as refused:
                self._refuse(refused)
                return
            if request is None:
                return
            started = time.perf_counter()
            self.server.__enter_request__()
            try:
                try:
                    request.body = self._read_body(request)
                except _Refused as refused:
                    self._refuse(refused)
                    return
                response = self.server.handle_request_fn(request)
                keep = request.headers.get("connection", "").lower() != "close" and not self.server.stopping
                self._write(request.method, response, keep)
            finally:
                self.server.__exit_request__()
            milliseconds = (time.perf_counter() - started) * 1000
            request_id = response.headers.get("x-request-id", "-")
            print(
                f"{request.method} {request.path} {response.status} {milliseconds:.2f}ms"
                f" in={len(request.body)} out={len(response.body)} id={request_id}",
                flush=True,
            )
            if not keep:
                return

    def _read_head(self) -> Request | None:
        line = self.rfile.readline(MOST_HEADER_BYTES + 1)
        if not line or not line.strip():
            return None
        parts = line.decode("latin-1").split()
        if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
            raise _Refused(400, "This is not an HTTP/1.1 request.")
        headers: dict[str, str] = {}
        size = len(line)
        while (line := self.rfile.readline(MOST_HEADER_BYTES + 1)) not in (b"\r\n", b"\n", b""):
            size += len(line)
            if size > MOST_HEADER_BYTES:
                raise _Refused(431, f"The headers are longer than {MOST_HEADER_BYTES} bytes.")
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon:
                raise _Refused(400, "A header line has no colon.")
            headers[name.strip().lower()] = value.strip()
        if parts[2] == "HTTP/1.0":
            headers.setdefault("connection", "close")
        path, _, query = parts[1].partition("?")
        return Request(parts[0].upper(), unquote(path), dict(parse_qsl(query)), headers)

    def _read_body(self, request: Request) -> bytes:
        chunked = request.headers.get("transfer-encoding", "").lower() == "chunked"
        length = request.headers.get("content-length", "0")
        if not chunked and not length.isdigit():
            raise _Refused(400, "Content-Length is not a number.")
        if not chunked and int(length) > self.server.max_body:
            raise self._too_large()
        if request.headers.get("expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self._read_chunks() if chunked else self._read_exactly(int(length))

    def _read_chunks(self) -> bytes:
        pieces, total = [], 0
        while True:
            try:
                size = int(self.rfile.readline(1024).split(b";")[0], 16)
            except ValueError:
                raise _Refused(400, "A chunk has no size.") from None
            total += size
            if total > self.server.max_body:
                raise self._too_large()
            if size == 0:
                while self.rfile.readline(MOST_HEADER_BYTES) not in (b"\r\n", b"\n", b""):
                    pass  # trailers mean nothing here
                return b"".join(pieces)
            pieces.append(self._read_exactly(size))
            self.rfile.readline(8)

    def _read_exactly(self, length: int) -> bytes:
        body = self.rfile.read(length) if length else b""
        if len(body) < length:
            raise ConnectionError("the caller closed the connection in the middle of the body")
        return body

    def _too_large(self) -> _Refused:
        return _Refused(413, f"The body is larger than {self.server.max_body} bytes.")

    def _refuse(self, refused: _Refused) -> None:
        from .jsonable import dumps

        self._write("", Response(refused.status, dumps({"message": str(refused)})), keep=False)
        # A caller that is still sending would see a reset instead of the answer.
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(1)
        try:
            for _ in range(256):
                if not self.connection.recv(65536):
                    break
        except OSError:
            pass

    def _write(self, method: str, response: Response, keep: bool) -> None:
        reason = HTTPStatus(response.status).phrase if response.status in HTTPStatus._value2member_map_ else ""
        lines = [f"HTTP/1.1 {response.status} {reason}", f"content-type: {response.content_type}"]
        lines.append(f"content-length: {len(response.body)}")
        lines.append("connection: keep-alive" if keep else "connection: close")
        # A header taken from the caller or from a script must not be able to start another one.
        lines += [f"{name}: {str(value).translate(_ONE_LINE)}" for name, value in response.headers.items()]
        head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
        self.wfile.write(head if method == "HEAD" else head + response.body)


_ONE_LINE = str.maketrans({"\r": " ", "\n": " "})
