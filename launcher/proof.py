"""`./atelier test`: the whole proof, part by part, summed up in one closing line `N passed, N failed`.

    ./atelier test              everything
    ./atelier test java demo    some parts: java studio python newest older demo faults fuzz commands

Standard library only. A part that cannot run counts as failed and says why; a skipped test counts as failed too. What
each part prints is in target/proof/<part>.log.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(os.environ["ATELIER_ROOT"])
OUT = ROOT / "target/proof"
# The end-to-end suites wait more than they compute, so two go side by side, each with servers of its own.
LANES = (("newest", "commands"), ("demo", "faults", "fuzz", "older"))
E2E = tuple(suite for lane in LANES for suite in lane)
PARTS = ("java", "studio", "python", *E2E)
# What needs nothing of the build runs beside it: the build leaves a good part of two processors idle.
BESIDE_JAVA = ("python", "clients")


class Count:
    """Passed and failed tests of one part; `failures` are lines for people."""

    def __init__(self):
        self.passed = 0
        self.failures = []

    def failed(self, name, why=""):
        first = next((line for line in why.strip().splitlines() if line.strip()), "")
        self.failures.append(f"{name}: {first[:300]}" if first else name)

    def junit(self, file):
        try:
            root = xml.parse(file).getroot()
        except xml.ParseError as broken:
            return self.failed(str(file), f"its report cannot be read: {broken}")
        for case in root.iter("testcase"):
            name = f"{case.get('classname', '')}.{case.get('name', '')}"
            bad = next((case.find(kind) for kind in ("failure", "error") if case.find(kind) is not None), None)
            skipped = case.find("skipped")
            if bad is not None:
                self.failed(name, bad.get("message") or bad.text or "")
            elif skipped is not None:
                self.failed(name, f"skipped: {skipped.get('message') or skipped.text or 'no reason given'}")
            else:
                self.passed += 1


def run(part, command, **options):
    """Runs a command with its output in the part's log; the exit code."""
    OUT.mkdir(parents=True, exist_ok=True)
    with open(OUT / f"{part}.log", "ab") as log:
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, **options).returncode


def tail(part, lines=25):
    text = (OUT / f"{part}.log").read_text(errors="replace").splitlines()
    return "\n".join("    | " + line for line in text[-lines:])


def java(count):
    """Unit, contract and architecture tests of every module, formatting and the checks of the build."""
    begun = time.time() - 1
    environment = {**os.environ, "JAVA_HOME": os.environ["ATELIER_JDK"]}
    status = run("java", ["mvn", "-B", "-Dmaven.test.failure.ignore=true", "-fae", "verify"], cwd=ROOT, env=environment)
    for file in sorted(ROOT.glob("**/target/surefire-reports/TEST-*.xml")):
        if file.stat().st_mtime >= begun:
            count.junit(file)
    if status != 0:
        count.failed("mvn verify", "the build itself failed (compiler, formatting or a rule); see target/proof/java.log")
        print(tail("java"))
    elif run("java", [ROOT / "atelier", "build", "--adopt"], cwd=ROOT) != 0:
        count.failed("atelier build", "the start-up caches could not be made")


def studio(count):
    """The studio's unit and component tests, and its formatting."""
    folder, report = ROOT / "studio", OUT / "studio.json"
    if not (folder / "package.json").is_file():
        return count.failed("studio", "there is no studio/package.json")
    report.unlink(missing_ok=True)
    if not (folder / "node_modules/.package-lock.json").is_file() and run("studio", ["npm", "ci", "--no-audit", "--no-fund"], cwd=folder):
        print(tail("studio"))
        return count.failed("npm ci", "the studio's packages could not be installed; see target/proof/studio.log")
    run("studio", ["npm", "test", "--", "--reporter=json", f"--outputFile={report}"], cwd=folder)
    if not report.is_file():
        print(tail("studio"))
        return count.failed("npm test", "it left no report; see target/proof/studio.log")
    for suite in json.loads(report.read_text())["testResults"]:
        if suite["status"] == "failed" and not suite["assertionResults"]:
            count.failed(suite["name"], suite.get("message", ""))
        for test in suite["assertionResults"]:
            if test["status"] == "passed":
                count.passed += 1
            else:
                count.failed(test["fullName"], "\n".join(test.get("failureMessages") or [test["status"]]))


def python(count):
    """Tests of the Python that runs inside jobs and endpoints: sample components, scoring server."""
    venv = ROOT / "target/proof/python"
    uv, wanted = ROOT / "target/e2e/tools/bin/uv", ROOT / "launcher/requirements-python.txt"
    if not uv.is_file():
        run("python", [sys.executable, "-m", "venv", ROOT / "target/e2e/tools"])
        if run("python", [ROOT / "target/e2e/tools/bin/pip", "-q", "install", "uv==0.13.9"]):
            print(tail("python"))
            return count.failed("uv", "it could not be installed from the package index; see target/proof/python.log")
    if not (venv / ".stamp").is_file() or (venv / ".stamp").read_text() != wanted.read_text():
        shutil.rmtree(venv, ignore_errors=True)
        installed = run("python", [uv, "venv", "-q", "--python", sys.executable, venv]) or run(
            "python", [uv, "pip", "install", "-q", "--python", venv / "bin/python", "-r", wanted], env=uv_environment())
        if installed:
            print(tail("python"))
            return count.failed("packages", "they could not be installed from the package index; see target/proof/python.log")
        (venv / ".stamp").write_text(wanted.read_text())
    folders = [path for path in (ROOT / "samples/tests", *sorted(ROOT.glob("features/*/src/test/python"))) if path.is_dir()]
    for folder in folders:
        report = OUT / f"python-{'-'.join(folder.relative_to(ROOT).parts)}.xml"
        report.unlink(missing_ok=True)
        run("python", [venv / "bin/python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib",
                       f"--junitxml={report}", "."], cwd=folder)
        if report.is_file():
            count.junit(report)
        else:
            count.failed(str(folder.relative_to(ROOT)), "pytest left no report; see target/proof/python.log")


def uv_environment():
    """uv does not read pip's configuration."""
    environment = dict(os.environ)
    index = environment.get("PIP_INDEX_URL") or subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True).stdout.strip()
    if index and not environment.get("UV_DEFAULT_INDEX"):
        environment["UV_DEFAULT_INDEX"] = index
    return environment


def browser_is_there():
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


def install_browser(count):
    if browser_is_there():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("  installing Chromium", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run("newest", ["apt-get", "-q", "update"], env=environment)
        run("newest", ["apt-get", "-q", "install", "-y", "chromium"], env=environment)
    if not browser_is_there():
        count.failed("browser", "Chromium is missing and could not be installed (apt-get as root); see target/proof/newest.log")


def end_to_end(suite):
    def prove(count):
        report = ROOT / f"target/e2e/{suite}.xml"
        report.unlink(missing_ok=True)
        if not (ROOT / "e2e/run.sh").is_file():
            return count.failed(suite, "there is no e2e/run.sh")
        if suite == "newest":
            install_browser(count)
        run(suite, [ROOT / "e2e/run.sh", suite], cwd=ROOT)
        if report.is_file():
            before = count.passed
            count.junit(report)
            if count.passed == before and not count.failures:
                count.failed(suite, "it ran no test")
        else:
            print(tail(suite))
            count.failed(suite, f"it left no report; see target/proof/{suite}.log")
    return prove


def clients(count):
    """Fetches the official clients of the end-to-end suites; no test of its own."""
    if run("clients", [ROOT / "e2e/run.sh", "clients"], cwd=ROOT):
        print(tail("clients"))
        count.failed("clients", "they could not be installed; see target/proof/clients.log")


def prove(part, proof):
    """One part; its count is told when it is over."""
    (OUT / f"{part}.log").unlink(missing_ok=True)
    begun, count = time.monotonic(), Count()
    try:
        proof(count)
    except Exception as broken:  # a part that breaks is a failed part; the others still run
        count.failed(part, f"{type(broken).__name__}: {broken}")
    if part in PARTS and not count.passed and not count.failures:
        count.failed(part, "it ran no test")
    for line in count.failures:
        print(f"  failed: {line}")
    if part in PARTS or count.failures:
        print(f"{part}: {count.passed} passed, {len(count.failures)} failed in {time.monotonic() - begun:.0f} s", flush=True)
    return count


def in_turn(parts, proofs, counts):
    for part in parts:
        if part in PARTS:
            print(f"{part} ...", flush=True)
        counts.append(prove(part, proofs[part]))


def side_by_side(lanes, proofs, counts):
    """Returns when every lane has ended."""
    threads = [threading.Thread(target=in_turn, args=(lane, proofs, counts), daemon=True) for lane in lanes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main(chosen):
    unknown = [part for part in chosen if part not in PARTS]
    if unknown:
        print(f"atelier: there is no part '{unknown[0]}'; there are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    proofs = {"java": java, "studio": studio, "python": python, "clients": clients,
              **{suite: end_to_end(suite) for suite in E2E}}
    counts = []
    if chosen:
        in_turn(chosen, proofs, counts)
    else:
        side_by_side((("java", "studio"), BESIDE_JAVA), proofs, counts)
        side_by_side(LANES, proofs, counts)
    passed, failed = sum(count.passed for count in counts), sum(len(count.failures) for count in counts)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
