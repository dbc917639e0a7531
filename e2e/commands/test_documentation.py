"""Every command of README.md and docs/*.md runs, page by page, in a folder that looks like the repository.

The pages share one data folder on which `./atelier demo` has walked the path, as their reader has. `./atelier` is a
small script there that adds the ports this run may use; everything else is as written."""

import os
import pathlib
import re
import shlex
import stat
import subprocess
import sys

import pytest
from launcher import LAUNCHER, ROOT, Atelier
from pages import blocks

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# The guide begins at nothing, so it comes before the pages that build on it.
PAGES.sort(key=lambda page: (page.name != "README.md", page.name != "guide.md", page.name))

WRAPPER = """#!/usr/bin/env bash
# `up` and `demo` get the ports of this test run.
case ${{1:-}} in
  up | demo) verb=$1; shift; exec {launcher} "$verb" --port {port} --http-port {http_port} "$@" ;;
  *) exec {launcher} "$@" ;;
esac
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """The reader's machine: a data folder and a working copy made of links."""
    folder = tmp_path_factory.mktemp("reader")
    server = Atelier(folder / "data")
    desk = folder / "atelier"
    desk.mkdir()
    for entry in ROOT.iterdir():
        if entry.name not in ("atelier", ".git", "target", ".azureml"):
            (desk / entry.name).symlink_to(entry)
    wrapper = desk / "atelier"
    wrapper.write_text(WRAPPER.format(launcher=shlex.quote(str(LAUNCHER)), port=server.port, http_port=server.http_port))
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    server.desk = desk
    server.base_environment["ATELIER_HOME"] = str(server.home)
    server.base_environment["HOME"] = str(folder)
    server.base_environment["PATH"] = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    server.warm_up()
    done = subprocess.run(["./atelier", "demo"], cwd=desk, env=server.base_environment, text=True, capture_output=True, timeout=400)
    assert done.returncode == 0, done.stdout + done.stderr
    yield server
    server.close()


def script(page):
    """The page as one shell session, so that later blocks see the folders and variables of earlier ones."""
    lines = ["set -euo pipefail"]
    for block in blocks(page.read_text()):
        if block.not_run or block.language not in ("sh", "python"):
            continue
        lines.append(f"echo '@@ {page.name}:{block.line}' >&2")
        if block.language == "sh":
            lines.append(block.text)
        else:
            lines.append(f"./atelier exec -- python - <<'END_OF_BLOCK'\n{block.text}END_OF_BLOCK")
    return "\n".join(lines)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_command_runs(page, reader):
    done = subprocess.run(["bash", "-c", script(page)], cwd=reader.desk, env=reader.base_environment, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=400)
    reached = [line for line in done.stderr.splitlines() if line.startswith("@@ ")]
    assert done.returncode == 0, f"{reached[-1:]}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"


def test_there_is_a_guide_and_a_page_for_each_part():
    names = {page.stem for page in PAGES}
    assert {"guide", "workspace", "storage", "datasets", "environments", "experiments", "jobs", "pipelines", "models",
            "endpoints", "insights", "studio", "cli"} <= names


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_block_says_what_it_is(page):
    for block in blocks(page.read_text()):
        assert block.language, f"{page.name}:{block.line}: a block without a language"
