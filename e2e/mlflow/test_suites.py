"""MLflow's own tests against this server, from the clone that ATELIER_MLFLOW_TESTS names; nothing of them is in this
repository. `known.txt` says which of them fail and why: one that fails otherwise fails here, and so does one that is listed
and passes."""

import os
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as xml

import pytest

HERE = pathlib.Path(__file__).parent
SUITES = ["test_rest_tracking.py", "test_model_registry.py", "test_client_webhooks.py", "test_mlflow_artifacts.py"]


def known(suite):
    """Reasons by the beginning of a test's name."""
    reasons = {}
    reason = ""
    for line in (HERE / "known.txt").read_text().splitlines():
        if line.startswith("# "):
            reason = line[2:]
        elif line.startswith(suite + "::"):
            reasons[line.split("::", 1)[1].strip()] = reason
    return reasons


@pytest.fixture(scope="session")
def clone():
    named = os.environ.get("ATELIER_MLFLOW_TESTS", "")
    assert named, "ATELIER_MLFLOW_TESTS must name the folder of a clone of mlflow/mlflow."
    folder = pathlib.Path(named)
    assert (folder / "tests/tracking").is_dir() and (folder / "mlflow").is_dir(), f"{folder} is no clone of mlflow/mlflow."
    return folder


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("suite", SUITES)
def test_mlflows_own_tests_pass_but_those_that_are_known(atelier, clone, tmp_path, suite):
    report = tmp_path / "report.xml"
    environment = {
        **atelier.base_environment,
        "ATELIER_MLFLOW_SERVER": f"http://localhost:{atelier.http_port}",
        "ATELIER_MLFLOW_TOKEN": atelier.token,
        "PYTHONPATH": f"{HERE / 'plugin'}{os.pathsep}{clone}",
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "external_server", "-p", "no:cacheprovider", "-q", "--timeout", "120",
         f"--junitxml={report}", f"tests/tracking/{suite}"],
        cwd=clone, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert report.exists(), done.stdout[-4000:]
    passed, failed = set(), {}
    for case in xml.parse(report).iter("testcase"):
        name = case.get("name")
        bad = [child for child in case if child.tag in ("failure", "error")]
        if bad:
            failed[name] = (bad[0].get("message") or "")[:200]
        elif not any(child.tag == "skipped" for child in case):
            passed.add(name)
    reasons = known(suite)
    print(f"{suite}: {len(passed)} passed, {len(failed)} failed")

    def listed(name):
        return any(name == one or one.endswith("*") and name.startswith(one[:-1]) for one in reasons)

    unexpected = {name: why for name, why in failed.items() if not listed(name)}
    assert passed and not unexpected, "\n".join(f"{name}: {why}" for name, why in sorted(unexpected.items())) or done.stdout[-2000:]
    stale = [one for one in reasons if not any(name == one or one.endswith("*") and name.startswith(one[:-1]) for name in failed)]
    assert not stale, f"known.txt lists tests that do not fail: {stale}"
