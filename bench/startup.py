#!/usr/bin/env python3
"""From `./atelier up` to the first answered request, and memory when idle; a bare JVM beside it, interleaved.

    bench/startup.py [--runs 10] [--idle 20]
"""

import argparse
import http.client
import pathlib
import subprocess
import tempfile
import time

from common import Server, find_java, machine, milliseconds, resident_mib, show

HELLO = """
public class Hello {
    public static void main(String[] a) throws Exception {
        System.out.println("ready");
        System.out.flush();
        if (a.length > 0) { Thread.sleep(Long.parseLong(a[0])); }
    }
}
"""


def bare_jvm(java, folder):
    start = time.perf_counter()
    subprocess.run([java / "bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", folder, "Hello"], check=True, stdout=subprocess.DEVNULL)
    return milliseconds(start)


def first_answer(server):
    """The launcher and the server race; the clock stops when GET /health answers 200."""
    start = time.perf_counter()
    launcher = subprocess.Popen([str(pathlib.Path(__file__).parents[1] / "atelier"), "up", "--detach", "--data-dir", str(server.home),
                                 "--port", str(server.port), "--http-port", str(server.http_port)],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=5)
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                taken = milliseconds(start)
                break
        except OSError:
            if launcher.poll():
                raise SystemExit("the server did not start")
            time.sleep(0.002)
        finally:
            connection.close()
    launcher.wait()
    return taken


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--runs", type=int, default=10)
    words.add_argument("--idle", type=float, default=20, help="seconds before memory is read")
    given = words.parse_args()
    java = find_java()
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "Hello.java").write_text(HELLO)
        subprocess.run([java / "bin/javac", "-d", folder, f"{folder}/Hello.java"], check=True)
        times = {"bare JVM, prints a line and ends": [], "first start, empty data folder": [], "start, data folder in use": []}
        kept = Server()
        kept.start()
        kept.stop()
        for _ in range(given.runs):
            times["bare JVM, prints a line and ends"].append(bare_jvm(java, folder))
            fresh = Server()
            times["first start, empty data folder"].append(first_answer(fresh))
            fresh.stop()
            fresh.remove()
            times["start, data folder in use"].append(first_answer(kept))
            kept.stop()
        show("Start to first answered request", times, "ms")

        memory = {"bare JVM, asleep": [], "Atelier, idle": []}
        for _ in range(3):
            asleep = subprocess.Popen([java / "bin/java", "-XX:+UseSerialGC", "-cp", folder, "Hello", "600000"], stdout=subprocess.PIPE)
            asleep.stdout.readline()
            kept.start()
            time.sleep(given.idle)
            memory["bare JVM, asleep"].append(resident_mib(asleep.pid))
            memory["Atelier, idle"].append(resident_mib(kept.info["pid"]))
            asleep.kill()
            asleep.wait()
            kept.stop()
        kept.remove()
        show(f"Resident memory after {given.idle:.0f} s", memory, "MiB")
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()
