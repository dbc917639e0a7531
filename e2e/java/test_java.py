"""MLflow's Java client: each test of the Java classes beside this file is a test here."""

import os
import pathlib
import re
import shutil
import subprocess
import xml.etree.ElementTree as xml

import pytest

HERE = pathlib.Path(__file__).parent
FILES = sorted(HERE.glob("src/test/java/**/*Test.java"))
TESTS = [name for file in FILES for name in re.findall(r"@Test\s+void (\w+)\(", file.read_text())]


@pytest.fixture(scope="session")
def outcomes(atelier, root, tmp_path_factory):
    """Runs all classes once; what became of each test, by name: None when it passed, or what it said."""
    folder = root / "target/e2e/java"
    shutil.copytree(HERE / "src", folder / "src", dirs_exist_ok=True)
    shutil.copy(HERE / "pom.xml", folder)
    shutil.rmtree(folder / "target/surefire-reports", ignore_errors=True)
    # Java knows no variable for a certificate: it has a store of its own.
    trust = tmp_path_factory.mktemp("trust") / "trust.p12"
    subprocess.run(["keytool", "-importcert", "-noprompt", "-alias", "atelier", "-file", str(atelier.home / "tls/ca.pem"),
                    "-keystore", str(trust), "-storetype", "PKCS12", "-storepass", "changeit"], check=True, capture_output=True)
    ran = subprocess.run(
        ["mvn", "-B", "-q", "test", f"-DargLine=-Djavax.net.ssl.trustStore={trust} -Djavax.net.ssl.trustStorePassword=changeit"],
        cwd=folder, capture_output=True, text=True, timeout=900,
        env={**atelier.environment(), "HOME": os.environ.get("HOME", "/")})
    reports = list((folder / "target/surefire-reports").glob("TEST-*.xml"))
    assert reports, ran.stdout[-4000:] + ran.stderr[-4000:]
    found = {}
    for case in (case for report in reports for case in xml.parse(report).getroot().iter("testcase")):
        bad = next((case.find(kind) for kind in ("failure", "error", "skipped") if case.find(kind) is not None), None)
        found[case.get("name")] = None if bad is None else f"{bad.get('message')}\n{bad.text}"
    return found


def test_there_are_tests():
    assert len(TESTS) == len(set(TESTS)) > 0


@pytest.mark.parametrize("name", TESTS)
def test_java(outcomes, name):
    assert name in outcomes, outcomes
    assert outcomes[name] is None, outcomes[name]
