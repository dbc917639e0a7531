"""Requests that no good client sends, from a seed: the same ones each time."""

import copy
import http.client
import itertools
import json
import random
import re
import threading
import urllib.parse
from dataclasses import dataclass, field

SEED = 20260131
OTHER = "/subscriptions/00000000-0000-0000-0000-0000000000ff/resourceGroups/other/providers/Microsoft.MachineLearningServices/workspaces/other"
DEEP = 10_000

# Values that take another's place in a body. Text with a lone surrogate goes out escaped, as JSON allows.
VALUES = [
    None, True, False, 0, -1, 1.5, 1e308, 10 ** 400, -(10 ** 25), 2 ** 63, "", " ", "\0", "a\0b", "\ud800", "\udc00x", "‮drow",
    "😀" * 60, "é" * 300, "x" * 300, "y" * 100_000, "../../../../etc/passwd", "..", "/etc/passwd", "file:///etc/passwd",
    "azureml:", "azureml:a:b:c:d", "azureml://", "azureml://datastores/none/paths/../../x", "azureml://jobs/none/outputs/o",
    "azureml://registries/none/data/x/versions/1", f"{OTHER}/jobs/x", f"{OTHER}/data/x/versions/1", f"{OTHER}/datastores/x",
    "${{", "${{inputs.none}}", "${{parent.jobs.none.outputs.none}}", "$[[ ${{inputs.x}}", "2026-13-45T99:99:99Z", "PT", "-PT1H", "NaN",
    "Nonsense", "%00", "%zz", "'; DROP TABLE job; --", "<script>", [], {}, [[]], [{}], [None], ["x"] * 2000, {"": ""}, {"\0": "\0"},
    {"k" * 1000: "v"}, {str(i): i for i in range(2000)},
]

# Bodies as they are, without a look at what belongs there.
RAW = {
    "empty": b"", "brace": b"{", "bracket": b"]", "text": b"hello", "null": b"null", "number": b"123", "string": b'"x"', "array": b"[]",
    "nan": b'{"properties": NaN}', "not utf-8": b'{"properties": "\xff\xfe"}', "utf-16": '{"properties": {}}'.encode("utf-16"),
    "bom": b'\xef\xbb\xbf{"properties": {}}', "truncated": b'{"properties": {"a": [1, 2', "two": b'{"properties": {}} {}',
    "same key twice": b'{"properties": {}, "properties": 1}', "comment": b'{/* */"properties": {}}', "nul": b'{"properties": {"a": "\x00"}}',
    "giant number": b'{"properties": {"a": ' + b"9" * 5000 + b"}}", "giant exponent": b'{"properties": {"a": 1e999999999}}',
    "deep arrays": b"[" * DEEP + b"]" * DEEP, "deep objects": b'{"properties":' * DEEP + b"1" + b"}" * DEEP,
    "deep field": b'{"properties": {"tags": ' + b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"}}",
    "properties is text": b'{"properties": "x"}', "properties is an array": b'{"properties": [1]}', "properties is null": b'{"properties": null}',
    "huge array": b'{"properties": {"a": [' + b"0," * 200_000 + b"0]}}",
}
NAMES = ["%00", "a%00b", "%2e%2e", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "x" * 300, "x" * 3000, "%F0%9F%98%80", "%ED%A0%80",
         "%zz", "%", "a%20b", "a+b", "a;b", "%3Cscript%3E", "-", "_", "~", "%5C..%5C..", "'%20OR%201=1", "%0d%0aX-Injected:%20y", "*", "None", "9" * 40]
QUERIES = ["$top=-1", "$top=abc", "$top=99999999999999999999", "$skip=nonsense", "$skip=%00", "$skip=1~", "listViewType=Nonsense", "api-version=%00",
           "api-version=", "a=%zz", "tag=%00", "max_results=-5", "max_results=x", "page_token=nonsense", "version=%00", "&&&==&", "x" * 4000,
           "orderby=nonsense", "count=x", "latest=x", "hash=%00", "offset=-1&limit=-1", "offset=x&limit=y", "run_id=%00&path=../..", "step=1e9&metric_key=%00"]
TYPES = ["text/plain", "application/xml", "multipart/form-data", "application/json; charset=utf-16", "image/png", "nonsense", ""]
METHODS = ["GET", "PUT", "POST", "PATCH", "DELETE", "TRACE", "BREW"]
DISCRIMINATORS = ["jobType", "computeType", "dataType", "datastoreType", "actionType", "triggerType", "modelType", "endpointComputeType", "jobInputType",
                  "jobOutputType", "authMode", "credentialsType", "type", "frequency", "pendingUploadType", "isEnabled", "mode"]


@dataclass
class Case:
    method: str
    path: str
    dialect: str
    label: str
    body: bytes = b""
    content_type: str | None = "application/json"
    made: str | None = None
    known: frozenset = field(default_factory=frozenset)

    def __str__(self):
        body = self.body if len(self.body) <= 300 else self.body[:300] + b"..."
        path = self.path if len(self.path) <= 300 else self.path[:300] + "..."
        return f"{self.method} {path} [{self.label}] {body!r}"


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes


class Sender:
    """Keeps a connection for each thread."""

    def __init__(self, port, token):
        self.port, self.token, self.local = port, token, threading.local()

    def send(self, case):
        for attempt in (1, 2):
            connection = getattr(self.local, "connection", None)
            kept = connection is not None
            if not kept:
                connection = self.local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                connection.putrequest(case.method, case.path, skip_accept_encoding=True)
                connection.putheader("Authorization", f"Bearer {self.token}")
                connection.putheader("Content-Length", str(len(case.body)))
                if case.content_type is not None:
                    connection.putheader("Content-Type", case.content_type)
                connection.endheaders(case.body)
                answer = connection.getresponse()
                body = answer.read()
            except (OSError, http.client.HTTPException) as broken:
                connection.close()
                self.local.connection = None
                # A connection that was kept may have been closed meanwhile; a new one may not break.
                if not kept or attempt == 2:
                    return Answer(0, {}, repr(broken).encode())
                continue
            if answer.will_close:
                connection.close()
                self.local.connection = None
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, body)
        raise AssertionError("unreachable")


# ---- what is wrong with an answer ----

LEAK = re.compile(r"Exception|\bjava\.|\batelier\.[a-z]+\.|\bat [a-z.]+\(|SQLITE|PSQL|jdbc", re.ASCII)


def complaint(case, answer):
    """Why this answer is not one that a client can use; None when it is."""
    status = answer.status
    if status == 0:
        return f"the connection broke: {answer.body.decode()}"
    if 200 <= status < 400:
        return None
    # What Azure has and this server has not is 501, and says so; a word that nobody has is the client's mistake.
    if status >= 500 and not (status == 501 and "Nonsense" not in case.label):
        return f"{status} {answer.body[:400]!r}"
    if status == 405 and not answer.headers.get("allow"):
        return "405 without Allow"
    if case.method == "HEAD":
        return None
    code, message = error(case.dialect, answer)
    if not code and status in (400, 414, 431):
        # An address that cannot be read belongs to no dialect; it is answered in ARM's.
        code, message = error("arm", answer)
        code = code if code in ("BadRequest", "InvalidUri") else None
    if not code or not message:
        return f"{status} is not said in the dialect {case.dialect}: {answer.body[:400]!r}"
    if LEAK.search(message):
        return f"{status} tells the inside: {message[:400]}"
    if len(message) > 3000:
        return f"{status} is said in {len(message)} letters: {message[:200]}..."
    return None


def error(dialect, answer):
    text = answer.body.decode("utf-8", "replace")
    if dialect in ("blob", "storage"):
        code, message = re.search("<Code>(.*?)</Code>", text, re.S), re.search("<Message>(.*?)</Message>", text, re.S)
        return (code and code[1], message and message[1])
    try:
        said = json.loads(text)
    except ValueError:
        return None, None
    if dialect == "mlflow":
        return said.get("error_code"), said.get("message")
    inner = said.get("error")
    return (inner.get("code"), inner.get("message")) if isinstance(inner, dict) else (None, None)


# ---- routes ----

def pattern(template):
    parts = re.split(r"(\{[A-Za-z]+(?:\.\.\.)?})", template)
    return re.compile("".join(".*" if p.endswith("...}") else "[^/]+?" if p.startswith("{") else re.escape(p) for p in parts), re.I)


class World:
    """The routes of a server and what is in it."""

    def __init__(self, routes, workspace, existing, bodies):
        self.routes, self.existing, self.bodies = routes, existing, bodies
        self.workspace = workspace
        self.patterns = [(route["method"], pattern(route["template"])) for route in routes]
        self.numbers = itertools.count(1)

    def fill(self, template, random_source, odd=None, name=None):
        """A path of the template: the workspace of the server, an existing thing or `name`, `odd` in the last place."""
        parts = self.workspace.split("/")
        given = {"subscription": parts[2], "group": parts[4], "workspace": parts[8], "account": "atelier", "registry": "azureml"}
        segments, filled = template.split("/"), []
        last = max((i for i, s in enumerate(segments) if "{" in s), default=-1)
        for i, segment in enumerate(segments):
            def value(found):
                key = found[1].removesuffix("...")
                if odd is not None and i == last:
                    return odd
                if key in given:
                    return given[key]
                kind = segments[i - 1]
                if key in ("name", "endpoint", "deployment") and name:
                    return name
                return self.existing.get(kind.lower(), self.existing.get(key, "none"))
            filled.append(re.sub(r"\{([A-Za-z]+(?:\.\.\.)?)}", value, segment))
        return "/".join(filled)

    def known(self, path):
        """Methods that some template has for the path."""
        bare = path.split("?")[0]
        return frozenset(method for method, compiled in self.patterns if compiled.fullmatch(bare))

    def body(self, template, method):
        for suffix, body in self.bodies.items():
            verb, _, end = suffix.partition(" ")
            if verb == method and template.lower().endswith(end.lower()):
                return body
        return None


def cases(world, per_route=24):
    """The requests, route by route; each route has a random source of its own, so that a new route changes no other's."""
    for route in world.routes:
        template, dialect = route["template"], route["dialect"]
        methods = ["GET", "PUT", "DELETE"] if route["method"] == "*" else [route["method"]]
        for method in methods:
            source = random.Random(f"{SEED} {method} {template}")
            made = list(_of_route(world, template, method, dialect, source))
            source.shuffle(made)
            yield from made[:per_route]
        source = random.Random(f"{SEED} wrong {template}")
        path = world.fill(template, source)
        known = world.known(path)
        for method in source.sample([m for m in METHODS if m not in known and "*" not in known], k=min(2, len(set(METHODS) - known))) if "*" not in known else []:
            yield Case(method, path, dialect, "wrong method", known=known)


def _of_route(world, template, method, dialect, source):
    body = world.body(template, method)
    if body is None and method in ("PUT", "POST", "PATCH"):
        body = {"properties": {"description": "d", "tags": {"a": "b"}, "properties": {}}, "name": "n"}

    def path(**odd):
        made = f"fz-{next(world.numbers)}"
        return made, world.fill(template, source, name=made if method != "GET" else None, **odd)

    if body is not None:
        for label, raw in source.sample(sorted(RAW.items()), k=9):
            made, at = path()
            yield Case(method, at, dialect, label, raw, made=made)
        for _ in range(14):
            made, at = path()
            label, changed = mutated(named(body, made), source)
            yield Case(method, at, dialect, label, json.dumps(changed).encode(), made=made)
        for key in DISCRIMINATORS:
            for at_key in places(body, key)[:1]:
                made, at = path()
                changed = named(body, made)
                wrong = source.choice(["Nonsense", "", None, 7, ["Command"], {"a": 1}, "x" * 5000])
                put(changed, at_key, wrong)
                yield Case(method, at, dialect, f"{key} is {str(wrong)[:20]}", json.dumps(changed).encode(), made=made)
        for content_type in source.sample(TYPES, k=2):
            made, at = path()
            yield Case(method, at, dialect, f"content type {content_type!r}", json.dumps(named(body, made)).encode(), content_type, made=made)
    good = b"" if body is None else json.dumps(body).encode()
    if "{" in template:
        for odd in source.sample(NAMES, k=8):
            yield Case(method, world.fill(template, source, odd=odd), dialect, "odd name", good)
        yield Case(method, world.fill(template, source).replace(world.workspace, OTHER, 1), dialect, "another workspace", good)
    for query in source.sample(QUERIES, k=5):
        made, at = path()
        yield Case(method, f"{at}?{query}", dialect, "odd query", good, made=made)


def named(body, made):
    changed = copy.deepcopy(body)
    if isinstance(changed.get("name"), str):
        changed["name"] = made
    return changed


def nodes(value, at=()):
    """Paths to all values below."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*at, key)
        yield from nodes(child, (*at, key))


def places(body, key):
    return [at for at in nodes(body) if at[-1] == key]


def put(body, at, value):
    for key in at[:-1]:
        body = body[key]
    body[at[-1]] = value


def mutated(body, source):
    """A copy with one to three changes, and what they are."""
    labels = []
    for _ in range(source.choice([1, 1, 1, 2, 3])):
        paths = list(nodes(body))
        if not paths:
            break
        at = source.choice(paths)
        place = ".".join(map(str, at))[:120]
        parent = body
        for key in at[:-1]:
            parent = parent[key]
        how = source.random()
        if how < 0.12:
            del parent[at[-1]]
            labels.append(f"without {place}")
        elif how < 0.2 and isinstance(parent, dict):
            parent[f"{at[-1]}x"] = parent.pop(at[-1])
            labels.append(f"{place} misspelled")
        else:
            value = source.choice(VALUES)
            parent[at[-1]] = copy.deepcopy(value)
            labels.append(f"{place} = {json.dumps(value)[:40]}")
    return "; ".join(labels), body


def encoded(text):
    return urllib.parse.quote(text, safe="")
