"""What the benchmarks share: a server on a fresh data folder, small HTTP, medians. Standard library only."""

import json
import os
import pathlib
import shutil
import socket
import ssl
import statistics
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
LAUNCHER = str(ROOT / "atelier")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def milliseconds(since):
    return (time.perf_counter() - since) * 1000


def summary(values):
    """Median and the range of the middle half, in the unit given."""
    ordered = sorted(values)
    if len(ordered) < 4:
        low, high = ordered[0], ordered[-1]
    else:
        low, _, high = statistics.quantiles(ordered, n=4)
    return {"n": len(ordered), "median": round(statistics.median(ordered), 1), "q25": round(low, 1), "q75": round(high, 1)}


def show(title, rows, unit):
    print(f"\n{title} ({unit}; median, middle half, n)")
    for name, values in rows.items():
        s = summary(values)
        print(f"  {name:<44} {s['median']:>9.1f}   {s['q25']:.1f} to {s['q75']:.1f}   {s['n']}")


def resident_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} says nothing of its memory")


class Server:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="atelier-bench-"))
        self.home = self.folder / "data"
        self.port, self.http_port = free_port(), free_port()

    def run(self, *arguments):
        done = subprocess.run([LAUNCHER, *map(str, arguments), "--data-dir", str(self.home)], text=True, capture_output=True)
        if done.returncode:
            raise RuntimeError(f"atelier {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout

    def start(self, *more):
        self.run("up", "--detach", "--port", self.port, "--http-port", self.http_port, *more)

    def stop(self):
        self.run("down")

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def info(self):
        return json.loads((self.home / "run/server.json").read_text())

    def request(self, method, path, body=None):
        if not hasattr(self, "trust"):
            self.trust = ssl.create_default_context(cafile=str(self.home / "tls/ca.pem"))
            self.token = (self.home / "secrets/owner.token").read_text().strip()
        request = urllib.request.Request(
            f"https://localhost:{self.port}{path}", method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, context=self.trust) as answer:
            text = answer.read().decode()
            return json.loads(text) if "json" in answer.headers.get("Content-Type", "") and text else text

    @property
    def workspace(self):
        first = self.request("GET", "/atelier/me")["workspaces"][0]
        return (f"/subscriptions/{first['subscriptionId']}/resourceGroups/{first['resourceGroup']}"
                f"/providers/Microsoft.MachineLearningServices/workspaces/{first['name']}")


def find_java():
    """The JDK 25 that the launcher takes."""
    script = f'. "{ROOT}/launcher/tools.sh"; find_java && echo "$JDK"'
    home = subprocess.run(["bash", "-c", script], text=True, capture_output=True).stdout.strip()
    if not home:
        raise SystemExit("JDK 25 is missing.")
    return pathlib.Path(home)


def machine():
    model = next((l.split(":")[1].strip() for l in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if l.startswith("model name")), "?")
    return f"{os.cpu_count()} cores, {model}"
