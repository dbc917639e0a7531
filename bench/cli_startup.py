#!/usr/bin/env python3
"""How long a verb of the command line takes beside a bare JVM that prints a line, interleaved.

    bench/cli_startup.py [--runs 10]

Needs a running server (ATELIER_HOME or the default data folder) for the list.
"""

import argparse
import pathlib
import statistics
import subprocess
import tempfile
import time

from common import find_java, machine

ATELIER = str(pathlib.Path(__file__).parents[1] / "atelier")
HELLO = 'public class Hello { public static void main(String[] a) { System.out.println("ready"); } }'
VERBS = {"version": ["version"], "job create --help": ["job", "create", "--help"], "job list": ["job", "list"]}


def timed(command):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def main():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--runs", type=int, default=10)
    given = words.parse_args()
    java = find_java()
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "Hello.java").write_text(HELLO)
        subprocess.run([java / "bin/javac", "-d", folder, f"{folder}/Hello.java"], check=True)
        floor = [str(java / "bin/java"), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", folder, "Hello"]
        times = {name: [] for name in ["a bare JVM", *VERBS]}
        for _ in range(given.runs):
            times["a bare JVM"].append(timed(floor))
            for name, verb in VERBS.items():
                times[name].append(timed([ATELIER, *verb]))
    print(machine())
    for name, taken in times.items():
        print(f"{name:20} {statistics.median(taken):7.0f} ms  (least {min(taken):.0f})")


if __name__ == "__main__":
    main()
