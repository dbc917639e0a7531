"""What every suite may use: a server on a fresh data folder, and as many more as a test needs."""

import json

import pytest

import shared
from launcher import ROOT, Atelier

pytest_plugins = ["path"]


@pytest.fixture(scope="session")
def root():
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def atelier():
    """A started server, shared by the tests of one run; this process gets the variables of `atelier env`."""
    return shared.server()


def pytest_sessionfinish():
    shared.stop()


@pytest.fixture
def fresh_atelier(tmp_path):
    """A data folder of the test's own, not started."""
    server = Atelier(tmp_path / "data")
    try:
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def project(atelier, tmp_path_factory):
    """A folder in which `MLClient.from_config()` finds the workspace."""
    folder = tmp_path_factory.mktemp("project")
    atelier.run("config", cwd=folder)
    assert json.loads((folder / ".azureml/config.json").read_text())["workspace_name"] == "main"
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """A test that cannot run counts as failed, with its reason: nothing is skipped in silence."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} did not run: {report.longrepr[2] if report.longrepr else 'skipped'}"
    return report
