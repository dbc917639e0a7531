"""The scoring server over real HTTP. Run with: python -m unittest discover -s features/endpoints/src/test/python

Needs nothing but Python for scripts; the cases of an MLflow model need mlflow, pandas and scikit-learn, and say so when
these are missing.
"""

import contextlib
import http.client
import importlib.util
import json
import os
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest
from pathlib import Path

SERVE = Path(__file__).parents[2] / "main/resources/atelier/endpoints/serving/serve.py"
HAVE_MLFLOW = all(importlib.util.find_spec(name) for name in ("mlflow", "pandas", "sklearn"))


class Process:
    """A scoring server under test."""

    def __init__(self, folder: Path, *arguments: str, env: dict | None = None, stdin=subprocess.DEVNULL):
        self.status_file = folder / "status.json"
        self.log = open(folder / "log.txt", "w+")
        self.process = subprocess.Popen(
            [sys.executable, "-u", str(SERVE), "--status-file", str(self.status_file), *map(str, arguments)],
            stdin=stdin,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            env=os.environ | (env or {}),
        )
        deadline = time.monotonic() + 90
        while (status := self._status())["state"] == "loading":
            if time.monotonic() > deadline:
                raise AssertionError("the server did not start: " + self.output())
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.02)
        self.status = status

    def _status(self) -> dict:
        try:
            return json.loads(self.status_file.read_text())
        except FileNotFoundError:
            if self.process.poll() is not None:
                raise AssertionError("ended before it said anything: " + self.output()) from None
            return {"state": "loading"}

    def output(self) -> str:
        self.log.flush()
        return Path(self.log.name).read_text()

    def call(self, method: str, path: str, body=None, headers=None):
        """(status, headers, text)"""
        connection = http.client.HTTPConnection("127.0.0.1", self.status["port"], timeout=30)
        try:
            body = json.dumps(body) if isinstance(body, (dict, list)) else body
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read().decode()
        finally:
            connection.close()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(20)
        self.log.close()
        return code


class ServingTest(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def script(self, code: str, *arguments: str, env=None, stdin=subprocess.DEVNULL) -> Process:
        file = self.folder / "score.py"
        file.write_text(textwrap.dedent(code))
        server = Process(self.folder, "--entry-script", file, *arguments, env=env, stdin=stdin)
        self.addCleanup(server.end)
        return server


ECHO = """
    import json, os
    def init():
        global where
        where = os.environ.get("AZUREML_MODEL_DIR")
    def run(data):
        print("user says hello")
        return {"type": type(data).__name__, "data": data, "where": where}
"""


class ScriptTest(ServingTest):
    def test_run_gets_the_body_as_a_string_and_its_result_is_json(self):
        server = self.script(ECHO, "--model-dir", "/models/m")
        status, headers, body = server.call("POST", "/score", '{"a": 1}')
        self.assertEqual(200, status)
        self.assertEqual({"type": "str", "data": '{"a": 1}', "where": "/models/m"}, json.loads(body))
        self.assertEqual("application/json", headers["content-type"])
        self.assertGreaterEqual(float(headers["x-ms-run-fn-exec-ms"]), 0)
        self.assertIn("user says hello", server.output())

    def test_a_request_is_logged_with_status_and_time(self):
        server = self.script(ECHO)
        server.call("POST", "/score", "1", {"x-request-id": "abc"})
        self.assertEqual(0, server.stop())
        self.assertRegex(Path(server.log.name).read_text(), r"POST /score 200 \d+\.\d\dms in=1 out=\d+ id=abc")

    def test_request_headers_are_given_to_a_run_that_asks(self):
        server = self.script("""
            def init(): pass
            def run(data, request_headers): return request_headers["x-who"]
        """)
        self.assertEqual('"me"', server.call("POST", "/score", "1", {"X-Who": "me"})[2])

    def test_an_exception_of_run_is_500_and_marked_and_the_server_goes_on(self):
        server = self.script("""
            def init(): pass
            def run(data): return 1 / int(data)
        """)
        status, headers, body = server.call("POST", "/score", "0")
        self.assertEqual((500, "True"), (status, headers["x-ms-run-function-failed"]))
        self.assertIn("ZeroDivisionError", json.loads(body)["message"])
        self.assertEqual("0.5", server.call("POST", "/score", "2")[2])
        self.assertIn("Traceback", server.output())

    def test_a_result_that_is_not_json_says_so(self):
        server = self.script("""
            def init(): pass
            def run(data): return object()
        """)
        status, _, body = server.call("POST", "/score", "0")
        self.assertEqual(500, status)
        self.assertIn("cannot be written as JSON", json.loads(body)["message"])

    def test_not_a_number_becomes_null(self):
        server = self.script("""
            def init(): pass
            def run(data): return [float("nan"), 1.5]
        """)
        self.assertEqual("[null, 1.5]", server.call("POST", "/score", "0")[2])

    def test_health_ids_and_unknown_paths(self):
        server = self.script(ECHO)
        status, headers, body = server.call("GET", "/", headers={"x-ms-client-request-id": "c1"})
        self.assertEqual((200, "Healthy", "c1"), (status, body, headers["x-ms-client-request-id"]))
        self.assertEqual(headers["x-request-id"], headers["x-ms-request-id"])
        self.assertEqual(404, server.call("GET", "/nothing")[0])
        self.assertEqual(405, server.call("DELETE", "/score")[0])
        self.assertEqual(431, server.call("GET", "/", headers={"x-request-id": "x" * 101})[0])
        self.assertEqual(501, server.call("POST", "/v2/models/model/infer", {"inputs": []})[0])

    def test_a_body_beyond_the_bound_is_refused_also_in_chunks(self):
        server = self.script(ECHO, "--max-body-bytes", "1000")
        self.assertEqual(413, server.call("POST", "/score", "x" * 1001)[0])
        status, _, body = server.call("POST", "/score", iter([b"x" * 600, b"y" * 600]))
        self.assertEqual(413, status)
        status, _, body = server.call("POST", "/score", iter([b"x" * 300, b"y" * 300]))
        self.assertEqual(600, len(json.loads(body)["data"]))

    def test_one_connection_serves_many_requests_also_pipelined(self):
        server = self.script(ECHO)
        one = b"POST /score HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n"
        with socket.create_connection(("127.0.0.1", server.status["port"])) as connection:
            connection.sendall(one + b"1" + one + b"2" + b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n")
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        self.assertEqual(3, answer.count(b"HTTP/1.1 200 OK"))
        self.assertTrue(answer.endswith(b"Healthy"))

    def test_a_request_that_is_no_http_is_refused(self):
        server = self.script(ECHO)
        with socket.create_connection(("127.0.0.1", server.status["port"])) as connection:
            connection.sendall(b"hello\r\n\r\n")
            self.assertTrue(connection.recv(65536).startswith(b"HTTP/1.1 400"))

    def test_a_header_from_the_caller_cannot_start_another_one(self):
        server = self.script("""
            class Answer:
                status_code, headers = 201, {"X-A": "one\\r\\nx-b: two", "Content-Type": "text/plain"}
                def get_data(self): return b"made"
            def init(): pass
            def run(data): return Answer()
        """)
        status, headers, body = server.call("POST", "/score", "1")
        self.assertEqual((201, "made", "text/plain"), (status, body, headers["content-type"]))
        self.assertNotIn("x-b", headers)

    def test_a_run_that_takes_too_long_is_given_up(self):
        server = self.script(
            """
            import threading
            def init(): pass
            def run(data): threading.Event().wait(5 if data == "slow" else 0)
            """,
            env={"SCORING_TIMEOUT_MS": "100"},
        )
        status, _, body = server.call("POST", "/score", "slow")
        self.assertEqual((500, "Scoring timeout after 100 ms"), (status, json.loads(body)["message"]))
        self.assertEqual(200, server.call("POST", "/score", "fast")[0])

    def test_a_caller_is_turned_away_when_all_places_stay_taken(self):
        server = self.script(
            """
            import threading
            def init(): pass
            def run(data): threading.Event().wait(60)
            """,
            "--concurrency", "1", "--queue-wait-ms", "50",
            env={"SCORING_TIMEOUT_MS": "50"},
        )
        self.assertEqual(500, server.call("POST", "/score", "1")[0])
        self.assertEqual(429, server.call("POST", "/score", "1")[0])

    def test_cross_origin_only_for_the_origins_named(self):
        server = self.script(ECHO, env={"AML_CORS_ORIGINS": "https://a.example"})
        self.assertEqual("https://a.example",
                         server.call("OPTIONS", "/score", headers={"Origin": "https://a.example"})[1]["access-control-allow-origin"])
        self.assertNotIn("access-control-allow-origin", server.call("OPTIONS", "/score", headers={"Origin": "https://b.example"})[1])


class StartTest(ServingTest):
    def failed(self, code: str) -> str:
        server = self.script(code)
        self.assertEqual("failed", server.status["state"])
        self.assertEqual(3, server.process.wait(10))
        return server.status["error"]

    def test_a_script_that_cannot_be_served_says_why_in_one_sentence(self):
        self.assertEqual("score.py has no function init().", self.failed("def run(data): pass"))

    def test_a_script_without_run(self):
        self.assertEqual("score.py has no function run().", self.failed("def init(): pass"))

    def test_a_script_with_a_fault(self):
        self.assertIn("SyntaxError", self.failed("def init(: pass"))

    def test_an_init_that_raises(self):
        self.assertEqual("init() of score.py raised KeyError: 'x'", self.failed("def init(): {}['x']\ndef run(data): pass"))

    def test_a_run_with_star_arguments(self):
        self.assertIn("'*args'", self.failed("def init(): pass\ndef run(*args): pass"))

    def test_a_folder_that_is_no_model(self):
        server = Process(self.folder, "--mlflow-model", self.folder)
        self.addCleanup(server.end)
        self.assertEqual(("failed", 3), (server.status["state"], server.process.wait(10)))
        self.assertIn("no MLmodel file", server.status["error"])

    def test_a_request_under_way_is_answered_before_the_end(self):
        server = self.script("""
            import os, signal
            def init(): pass
            def run(data):
                os.kill(os.getpid(), signal.SIGTERM)
                import threading; threading.Event().wait(0.5)
                return "done"
        """)
        self.assertEqual('"done"', server.call("POST", "/score", "1")[2])
        self.assertEqual(0, server.process.wait(20))

    def test_it_ends_with_its_supervisor(self):
        server = self.script(ECHO, "--exit-with-stdin", stdin=subprocess.PIPE)
        self.assertIsNone(server.process.poll())
        server.process.stdin.close()
        self.assertEqual(0, server.process.wait(10))


@unittest.skipUnless(HAVE_MLFLOW, "mlflow, pandas and scikit-learn are not installed here")
class MlflowTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        import mlflow
        import pandas as pd
        from mlflow.models import infer_signature
        from sklearn.compose import ColumnTransformer
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import OneHotEncoder
        from sklearn.tree import DecisionTreeClassifier

        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        folder = Path(temporary.name)
        x = pd.DataFrame({"age": [30.0, 40.0, 60.0, None], "visits": [1, 2, 3, 4], "diet": ["a", "b", "b", None]})
        columns = ColumnTransformer([("diet", OneHotEncoder(handle_unknown="ignore"), ["diet"])], remainder="passthrough")
        model = Pipeline([("columns", columns), ("tree", DecisionTreeClassifier(random_state=1))]).fit(x, [0, 0, 1, 1])
        mlflow.sklearn.save_model(
            model,
            str(folder / "model"),
            signature=infer_signature(x, model.predict(x)),
            input_example=x.head(2),
            pip_requirements=["scikit-learn"],
            serialization_format="cloudpickle",
        )
        cls.server = Process(folder, "--mlflow-model", folder / "model", "--name", "tree", "--version", "4")
        cls.addClassCleanup(cls.server.stop)

    def score(self, body, path="/score", **headers):
        status, _, text = self.server.call("POST", path, body, {"content-type": "application/json"} | headers)
        return status, json.loads(text)

    ROWS = [[30, 1, "a"], [60, 3, "b"]]
    COLUMNS = ["age", "visits", "diet"]

    def test_it_is_warm_when_ready(self):
        self.assertEqual("ready", self.server.status["state"], self.server.output())
        self.assertGreater(self.server.status["warmUpMs"], 0)
        self.assertNotIn("Traceback", self.server.output())

    def test_split_list_records_and_named_columns_give_the_same(self):
        split = {"columns": self.COLUMNS, "index": [0, 1], "data": self.ROWS}
        records = [dict(zip(self.COLUMNS, row)) for row in self.ROWS]
        named = {name: list(values) for name, values in zip(self.COLUMNS, zip(*self.ROWS))}
        for data in (split, self.ROWS, records, named):
            with self.subTest(data=data):
                self.assertEqual((200, [0, 1]), self.score({"input_data": data}))

    def test_one_flat_row(self):
        self.assertEqual((200, [1]), self.score({"input_data": [60, 3, "b"]}))

    def test_bodies_of_mlflow(self):
        split = {"columns": self.COLUMNS, "data": self.ROWS}
        records = [dict(zip(self.COLUMNS, row)) for row in self.ROWS]
        for body in ({"dataframe_split": split}, {"dataframe_records": records}, {"instances": records}, {"inputs": records}):
            with self.subTest(body=body):
                self.assertEqual((200, {"predictions": [0, 1]}), self.score(body, "/invocations"))
        csv = "age,visits,diet\n30,1,a\n60,3,b\n"
        self.assertEqual((200, {"predictions": [0, 1]}), self.score(csv, "/invocations", **{"content-type": "text/csv"}))
        self.assertEqual(415, self.score("x", "/invocations", **{"content-type": "text/plain"})[0])
        self.assertEqual(200, self.server.call("GET", "/ping")[0])

    def test_a_missing_value_and_columns_in_another_order(self):
        data = {"columns": ["diet", "visits", "age"], "index": [0], "data": [[None, 4, None]]}
        self.assertEqual((200, [1]), self.score({"input_data": data}))

    def test_data_that_does_not_fit_is_400_with_a_sentence(self):
        for data, words in (
            ([["x", 1, "a"]], "'age' must be numbers"),
            ([[30, 1.5, "a"]], "'visits' must be whole numbers"),
            ([[30, None, "a"]], "'visits' must be whole numbers"),
            ([[30, 1]], "takes 3: age, visits, diet"),
            ([{"age": 1}], "Missing columns: visits"),
            ({"columns": ["age"], "index": [0], "data": [[1, 2]]}, "Row 0 does not have 1 values"),
            ("text", "must be a table"),
        ):
            with self.subTest(data=data):
                status, answer = self.score({"input_data": data})
                self.assertEqual(400, status)
                self.assertIn(words, answer["message"])

    def test_a_body_that_is_not_one_is_400(self):
        for body, words in (("{", "not JSON"), ("[1]", "must be an object"), ({"data": 1}, "exactly one of")):
            status, answer = self.score(body)
            self.assertEqual(400, status)
            self.assertIn(words, answer["message"])

    def test_swagger_in_both_versions(self):
        two = json.loads(self.server.call("GET", "/swagger.json")[2])
        three = json.loads(self.server.call("GET", "/swagger.json?version=3")[2])
        self.assertEqual(("2.0", "3.0.3"), (two["swagger"], three["openapi"]))
        schema = two["definitions"]["ServiceInput"]
        self.assertEqual(self.COLUMNS, schema["properties"]["input_data"]["properties"]["columns"]["items"]["enum"])
        self.assertEqual(200, self.score(schema["example"])[0])
        self.assertEqual(400, self.server.call("GET", "/swagger.json?version=7")[0])

    def test_open_inference_protocol(self):
        meta = json.loads(self.server.call("GET", "/v2/models/tree/versions/4")[2])
        self.assertEqual([("age", "FP64"), ("visits", "INT64"), ("diet", "BYTES")],
                         [(t["name"], t["datatype"]) for t in meta["inputs"]])
        self.assertEqual(200, self.server.call("GET", "/v2/health/ready")[0])
        inputs = [
            {"name": name, "shape": [2, 1], "datatype": kind, "data": [row[place] for row in self.ROWS]}
            for place, (name, kind) in enumerate((("age", "FP64"), ("visits", "INT64"), ("diet", "BYTES")))
        ]
        status, answer = self.score({"id": "7", "inputs": inputs}, "/v2/models/tree/infer")
        self.assertEqual((200, "7"), (status, answer["id"]))
        self.assertEqual([{"name": "predict", "shape": [2], "datatype": "INT64", "data": [0, 1]}], answer["outputs"])
        self.assertEqual(404, self.score({"inputs": inputs}, "/v2/models/other/infer")[0])
        inputs[0]["shape"] = [3]
        self.assertEqual(400, self.score({"inputs": inputs}, "/v2/models/tree/infer")[0])


if __name__ == "__main__":
    unittest.main()
