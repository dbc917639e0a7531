"""Drives `./atelier` as a person does: by its verbs, each in a data folder of its own."""

import json
import os
import pathlib
import re
import shlex
import signal
import socket
import subprocess
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "atelier"

# What an earlier `eval "$(./atelier env)"` left in the shell must not lead a test to another server.
OURS = re.compile(r"^(ATELIER_|AZUREML_|ARM_CLOUD|IDENTITY_|AZURE_|MLFLOW_|REGISTRY_DISCOVERY)")
TRUST = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")


def clean_environment():
    return {k: v for k, v in os.environ.items() if not OURS.match(k) and k not in TRUST or k == "ATELIER_SHARED"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Atelier:
    """One server on one data folder. Nothing of it survives `close`."""

    def __init__(self, home, warm=os.environ.get("ATELIER_E2E_WARM")):
        """`warm` is a folder whose Python environments and packages this server uses and adds to."""
        self.home = pathlib.Path(home)
        self.warm = warm and pathlib.Path(warm)
        self.port, self.http_port = free_port(), free_port()
        self.base_environment = clean_environment()

    # ---- verbs ----

    def run(self, *arguments, cwd=None, timeout=300, environment=None, check=True, stdin=None):
        """`./atelier ARGUMENTS --data-dir HOME`; the finished process with its text."""
        done = subprocess.run(
            [str(LAUNCHER), *map(str, arguments), "--data-dir", str(self.home)],
            cwd=cwd, env={**self.base_environment, **(environment or {})}, input=stdin,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout)
        if check:
            assert done.returncode == 0, f"atelier {' '.join(map(str, arguments))}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def up(self):
        self.warm_up()
        return self.run("up", "--detach", "--port", self.port, "--http-port", self.http_port)

    def warm_up(self):
        for part in ("environments", "cache", "tools") if self.warm else ():
            (self.warm / part).mkdir(parents=True, exist_ok=True)
            self.home.mkdir(mode=0o700, exist_ok=True)
            if not (self.home / part).exists():
                (self.home / part).symlink_to(self.warm / part)

    def down(self):
        return self.run("down", check=False)

    def kill(self):
        """kill -9 of the server alone, as a power cut would; its jobs are other processes and live on."""
        pid = self.server()["pid"]
        os.kill(pid, signal.SIGKILL)
        for _ in range(500):
            try:
                os.kill(pid, 0)
                state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
                if state == "Z":
                    return pid
            except (ProcessLookupError, FileNotFoundError):
                return pid
            time.sleep(0.01)
        raise AssertionError(f"process {pid} outlived kill -9")

    def close(self):
        if self.home.exists():
            self.down()
            self.end_processes()

    def end_processes(self):
        """Jobs and model servers outlive the server by design; here nothing of them may stay. Each names the data folder."""
        mark = f"{self.home}/".encode()
        for process in pathlib.Path("/proc").iterdir():
            try:
                if process.name.isdigit() and int(process.name) != os.getpid() and mark in (process / "cmdline").read_bytes():
                    os.kill(int(process.name), signal.SIGKILL)
            except OSError:
                continue

    def server(self):
        return json.loads((self.home / "run/server.json").read_text())

    # ---- what clients need ----

    def exports(self):
        """The variables that `./atelier env` prints, nothing else."""
        found = {}
        for line in self.run("env").stdout.splitlines():
            if line.startswith("export "):
                name, _, value = line[len("export "):].partition("=")
                found[name] = "".join(shlex.split(value))
        return found

    def environment(self):
        return {**self.base_environment, **self.exports()}

    # ---- HTTP, for what the clients do not show ----

    @property
    def url(self):
        return self.server()["url"]

    @property
    def token(self):
        return (self.home / "secrets/owner.token").read_text().strip()

    def request(self, method, path, *, token=None, **rest):
        headers = {"Authorization": f"Bearer {token or self.token}", **rest.pop("headers", {})}
        url = path if path.startswith("http") else self.url + path
        return requests.request(method, url, headers=headers, verify=str(self.home / "tls/ca.pem"), timeout=60, **rest)

    def get(self, path, **rest):
        answer = self.request("GET", path, **rest)
        assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text[:2000]}"
        return answer.json()

    @property
    def workspace(self):
        """Path of the default workspace: /subscriptions/…/workspaces/main."""
        first = self.get("/atelier/me")["workspaces"][0]
        return (f"/subscriptions/{first['subscriptionId']}/resourceGroups/{first['resourceGroup']}"
                f"/providers/Microsoft.MachineLearningServices/workspaces/{first['name']}")

    def job(self, name):
        return self.get(f"{self.workspace}/jobs/{name}?api-version=2024-04-01")

    def status(self, name):
        return self.job(name)["properties"]["status"]

    def log(self, job, name="user_logs/std_log.txt"):
        answer = self.request("GET", f"{self.workspace}/atelier/jobs/{job}/logs/{name}")
        return answer.text if answer.status_code == 200 else ""


FINAL = {"Completed", "Failed", "Canceled", "NotResponding"}


def wait_for(what, condition, timeout=120, pause=0.1):
    """The first true value of condition(); a test says what it waits for and never how long that usually takes."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {timeout} s for {what}")
        time.sleep(pause)
