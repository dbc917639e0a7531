"""Azure's npm client: each test of the `*.test.mjs` beside this file is a test here."""

import os
import pathlib
import re
import shutil
import subprocess
import xml.etree.ElementTree as xml

import pytest

HERE = pathlib.Path(__file__).parent
FILES = sorted(HERE.glob("*.test.mjs"))
TESTS = [(file.name, name) for file in FILES for name in re.findall(r'^test\("([^"]+)"', file.read_text(), re.M)]


@pytest.fixture(scope="session")
def packages(root):
    """The client as the lock file names it, installed beside copies of the tests; the sources stay clean."""
    folder = root / "target/e2e/npm"
    folder.mkdir(parents=True, exist_ok=True)
    lock, stamp = (HERE / "package-lock.json").read_text(), folder / ".stamp"
    for file in (*FILES, *HERE.glob("*.mjs"), HERE / "package.json", HERE / "package-lock.json"):
        shutil.copy(file, folder)
    if not stamp.is_file() or stamp.read_text() != lock:
        installed = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True)
        assert installed.returncode == 0, installed.stdout + installed.stderr
        stamp.write_text(lock)
    return folder


@pytest.fixture(scope="session")
def outcomes(atelier, packages):
    """Runs all files once; what became of each test, by name: None when it passed, or what it said."""
    _, _, subscription, _, group, *_, workspace = atelier.workspace.split("/")
    report = packages / "report.xml"
    report.unlink(missing_ok=True)
    ran = subprocess.run(
        ["node", "--test", "--test-reporter=junit", f"--test-reporter-destination={report}",
         *(file.name for file in FILES)],
        cwd=packages, capture_output=True, text=True, timeout=900,
        env={**atelier.environment(), "ATELIER_TEST_SUBSCRIPTION": subscription, "ATELIER_TEST_GROUP": group,
             "ATELIER_TEST_WORKSPACE": workspace, "NODE_NO_WARNINGS": "1", "HOME": os.environ.get("HOME", "/")})
    assert report.is_file(), ran.stdout + ran.stderr
    found = {}
    for case in xml.parse(report).getroot().iter("testcase"):
        bad = case.find("failure") if case.find("failure") is not None else case.find("skipped")
        found[case.get("name")] = None if bad is None else f"{bad.get('message')}\n{bad.text}"
    return found


def test_there_are_tests():
    assert len(TESTS) == len(set(name for _, name in TESTS)) > 0


@pytest.mark.parametrize("file,name", TESTS, ids=[f"{file.split('.')[0]}: {name}" for file, name in TESTS])
def test_npm(outcomes, file, name):
    assert name in outcomes, f"{file} did not come to '{name}': {outcomes}"
    assert outcomes[name] is None, outcomes[name]
