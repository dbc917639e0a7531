"""kill -9 of the server under four clients that log at once, so that their calls share commits: what was acknowledged to
each is there afterwards, whole, and nothing is there twice."""

import threading

import pytest
import requests

POINTS = 5


class Client(threading.Thread):
    """Logs until the server is gone; `acknowledged` holds the numbers of the calls that it answered."""

    def __init__(self, atelier, experiment):
        super().__init__(daemon=True)
        self.base = f"{atelier.url}/mlflow/v2.0{atelier.workspace}/api/2.0/mlflow/"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {atelier.token}"
        # What the environment says of certificates would win over `verify` of the session.
        self.session.trust_env = False
        self.session.verify = str(atelier.home / "tls/ca.pem")
        self.experiment, self.acknowledged, self.runs, self.failure = experiment, [], [], None
        self.enough = threading.Event()
        self.run_id = self.create(0)

    def post(self, call, **body):
        answer = self.session.post(self.base + call, json=body, timeout=60)
        if answer.status_code != 200:
            raise AssertionError(f"{call}: {answer.status_code} {answer.text}")
        return answer.json()

    def create(self, number):
        made = self.post("runs/create", experiment_id=self.experiment, start_time=number, run_name=f"run {number}")
        return made["run"]["info"]["run_id"]

    def run(self):
        number = 0
        try:
            while True:
                self.work(number)
                self.acknowledged.append(number)
                number += 1
                if number == 40:
                    self.enough.set()
        except OSError:
            pass  # The server is gone.
        except BaseException as problem:
            self.failure = problem
            self.enough.set()


class OneByOne(Client):
    def work(self, number):
        self.post("runs/log-metric", run_id=self.run_id, key="m", value=number / 8, timestamp=number, step=number)

    def check(self, kept):
        steps = kept.steps(self.run_id)
        assert set(self.acknowledged) <= set(steps), set(self.acknowledged) - set(steps)
        assert len(steps) == len(set(steps))
        # At most the one call that was not answered.
        assert len(steps) <= len(self.acknowledged) + 1
        assert int(kept.data(self.run_id)["metrics"][0]["step"]) == max(steps)


class InBatches(Client):
    def work(self, number):
        self.post("runs/log-batch", run_id=self.run_id,
                  metrics=[{"key": "m", "value": 1, "timestamp": 1, "step": number * POINTS + i} for i in range(POINTS)],
                  params=[{"key": f"p{number}", "value": "v"}], tags=[{"key": f"t{number}", "value": "v"}])

    def check(self, kept):
        steps, data = set(kept.steps(self.run_id)), kept.data(self.run_id)
        params = {p["key"] for p in data.get("params", [])}
        tags = {t["key"] for t in data["tags"]}
        for number in range(len(self.acknowledged) + 2):
            parts = [number * POINTS + i in steps for i in range(POINTS)] + [f"p{number}" in params, f"t{number}" in tags]
            assert all(parts) or not any(parts) and number not in self.acknowledged, (number, parts)


class TagsAndParams(Client):
    def work(self, number):
        self.post("runs/set-tag", run_id=self.run_id, key="last", value=str(number))
        self.post("runs/log-parameter", run_id=self.run_id, key=f"p{number}", value="v")

    def check(self, kept):
        data = kept.data(self.run_id)
        last = next(int(t["value"]) for t in data["tags"] if t["key"] == "last")
        assert last in (self.acknowledged[-1], self.acknowledged[-1] + 1)
        assert {f"p{n}" for n in self.acknowledged} <= {p["key"] for p in data["params"]}


class Runs(Client):
    def work(self, number):
        run = self.create(number)
        self.post("runs/update", run_id=run, status="FINISHED", end_time=number + 1)
        self.runs.append(run)

    def check(self, kept):
        for number, run in enumerate(self.runs):
            info = kept.run(run)["info"]
            assert info["status"] == "FINISHED" and int(info["end_time"]) == number + 1 and info["run_name"] == f"run {number}"


class Kept:
    def __init__(self, atelier):
        self.atelier, self.base = atelier, f"/mlflow/v2.0{atelier.workspace}/api/2.0/mlflow/"

    def run(self, run):
        return self.atelier.get(self.base + "runs/get", params={"run_id": run})["run"]

    def data(self, run):
        return self.run(run)["data"]

    def steps(self, run):
        points = self.atelier.get(self.base + "metrics/get-history", params={"run_id": run, "metric_key": "m"})["metrics"]
        return [int(p["step"]) for p in points]


@pytest.mark.parametrize("round", range(3))
def test_no_acknowledged_call_of_four_clients_is_lost(fresh_atelier, round):
    fresh_atelier.up()
    clients = [kind(fresh_atelier, "0") for kind in (OneByOne, InBatches, TagsAndParams, Runs)]
    for client in clients:
        client.start()
    for client in clients:
        assert client.enough.wait(120), "the server is too slow for this test"
    fresh_atelier.kill()
    for client in clients:
        client.join(60)
        assert client.failure is None, client.failure
    fresh_atelier.up()
    kept = Kept(fresh_atelier)
    for client in clients:
        assert len(client.acknowledged) >= 40
        client.check(kept)
    # And it logs on.
    again = OneByOne(fresh_atelier, "0")
    again.work(1)
    assert kept.steps(again.run_id) == [1]
