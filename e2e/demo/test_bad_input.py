"""Bad input: one clear sentence and an exit code that is not 0."""

import re
import shutil
import socket
import subprocess
import sys
import textwrap

import pytest
from launcher import LAUNCHER, Atelier, clean_environment
from words import one_sentence


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Atelier(tmp_path_factory.mktemp("bad") / "data")
    made.up()
    yield made
    made.close()


@pytest.mark.parametrize(("content", "target", "says"), [
    (None, "x", "no-such.csv"),
    ("a,b\n1,2\n3,4\n", "diabetic", "diabetic"),
    ("", "x", "empty"),
    ("a,b\n", "b", "row|empty"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "x", "CSV"),
])
def test_a_csv_that_will_not_do(server, tmp_path, content, target, says):
    file = tmp_path / ("no-such.csv" if content is None else "given.csv")
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = server.run("demo", "--data", file, "--target", target, check=False)
    assert re.search(says, one_sentence(done), re.I)


def test_a_target_that_is_nearly_a_column_is_named(server, tmp_path):
    file = tmp_path / "given.csv"
    file.write_text("age,diabetic\n" + "".join(f"{n},{n % 2}\n" for n in range(300)))
    done = server.run("demo", "--data", file, "--target", "Diabetc", check=False)
    assert "diabetic" in one_sentence(done)


def test_a_folder_is_not_a_csv(server, tmp_path):
    assert str(tmp_path) in one_sentence(server.run("demo", "--data", tmp_path, "--target", "x", check=False))


def test_a_port_that_is_taken(fresh_atelier):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = fresh_atelier.run("up", "--detach", "--port", port, check=False)
    assert str(port) in one_sentence(done)
    assert not (fresh_atelier.home / "run/server.json").exists()


@pytest.mark.parametrize("verb", [["up", "--detach"], ["demo"]])
def test_a_data_folder_that_cannot_be_written(tmp_path, verb):
    (tmp_path / "file").write_text("a file, no folder")
    done = Atelier(tmp_path / "file/data").run(*verb, check=False)
    assert str(tmp_path / "file/data") in one_sentence(done)


@pytest.mark.parametrize(("arguments", "says"), [
    (["up", "--prot", "1"], "--port"),
    (["up", "--port", "eighty"], "eighty"),
    (["jbo", "list"], "jbo"),
    (["job", "show", "--name", "no-such-job"], "no-such-job"),
    (["job", "create", "-f", "no-such.yml"], "no-such.yml"),
    (["data", "show", "--name", "no-such-data", "--version", "1"], "no-such-data"),
])
def test_words_that_are_not_understood(server, arguments, says, tmp_path):
    done = server.run(*arguments, check=False, cwd=tmp_path)
    assert done.returncode != 0
    assert says in done.stderr and "Exception" not in done.stderr, done.stderr


def test_a_yaml_field_that_does_not_exist_is_named_with_its_neighbour(server, tmp_path):
    (tmp_path / "job.yml").write_text(textwrap.dedent("""
        command: echo hello
        enviroment: azureml:x:1
        """))
    done = server.run("job", "create", "-f", "job.yml", check=False, cwd=tmp_path)
    assert done.returncode != 0
    assert "enviroment" in done.stderr and "environment" in done.stderr, done.stderr


def test_no_server_to_talk_to(fresh_atelier):
    assert re.search("up", one_sentence(fresh_atelier.run("job", "list", check=False)))


def job_with(packages, tmp_path):
    (tmp_path / "conda.yaml").write_text(f"dependencies:\n  - python=3.11\n  - pip:\n      - {packages}\n")
    (tmp_path / "job.yml").write_text(textwrap.dedent("""
        command: echo hello
        experiment_name: bad
        environment:
          image: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04
          conda_file: conda.yaml
        """))
    return tmp_path / "job.yml"


def test_a_package_that_does_not_exist(server, tmp_path):
    done = server.run("job", "create", "-f", job_with("no-such-package-of-this-name==1.2.3", tmp_path), "--stream", check=False)
    assert done.returncode != 0
    assert "no-such-package-of-this-name" in done.stderr + done.stdout
    assert "Exception" not in done.stderr


def test_a_package_index_that_does_not_answer(fresh_atelier, tmp_path):
    nowhere = "http://127.0.0.1:9/simple"
    fresh_atelier.base_environment.update({
        "UV_DEFAULT_INDEX": nowhere, "UV_INDEX_URL": nowhere, "PIP_INDEX_URL": nowhere, "PIP_RETRIES": "0",
        "UV_HTTP_RETRIES": "0", "PIP_CONFIG_FILE": "/dev/null"})
    for name in ("PIP_FIND_LINKS", "UV_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        fresh_atelier.base_environment.pop(name, None)
    done = fresh_atelier.run("demo", "--port", fresh_atelier.port, "--http-port", fresh_atelier.http_port, check=False)
    assert re.search("index", one_sentence(done), re.I)


def test_a_missing_jdk_is_named():
    """In a mount namespace of its own, where the folders that hold JDKs are empty."""
    hide = "for d in /usr/lib/jvm /opt/java; do [ -d $d ] && mount -t tmpfs tmpfs $d; done; exec \"$@\""
    environment = {k: v for k, v in clean_environment().items() if k != "JAVA_HOME"}
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", hide, "sh", str(LAUNCHER), "status"],
        env={**environment, "HOME": "/nonexistent"}, text=True, capture_output=True, timeout=60)
    assert "JDK 25" in one_sentence(done)


def test_missing_build_tools_are_named_one_by_one(root, tmp_path):
    """A copy without a build, and a PATH that holds neither Maven nor Node."""
    for part in ("launcher", "studio/package.json", "pom.xml", "atelier"):
        source, target = root / part, tmp_path / part
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("bash", "sh", "env", "dirname", "readlink", "cat", "grep", "sed", "head", "find", "sort", "sha256sum", "mkdir",
                 "rm", "flock", "date", "tail", "sleep", "uname", "tr"):
        if found := shutil.which(tool):
            (tools / tool).symlink_to(found)
    (tools / "python3").symlink_to(sys.executable)
    done = subprocess.run([str(tmp_path / "atelier"), "up", "--data-dir", str(tmp_path / "data")],
                          env={**clean_environment(), "PATH": str(tools), "HOME": str(tmp_path)},
                          text=True, capture_output=True, timeout=60)
    assert done.returncode != 0
    assert "Maven" in done.stderr and "Node" in done.stderr, done.stderr
    assert not (tmp_path / "data").exists()


def test_the_launcher_works_from_any_folder_and_through_a_link(tmp_path):
    link = tmp_path / "bin-atelier"
    link.symlink_to(LAUNCHER)
    done = subprocess.run([str(link), "version"], cwd="/", text=True, capture_output=True, timeout=120, env=clean_environment())
    assert done.returncode == 0 and re.match(r"atelier \d", done.stdout)


def test_help_names_every_verb():
    said = subprocess.run([str(LAUNCHER), "help"], text=True, capture_output=True, timeout=60, env=clean_environment()).stdout
    for verb in ["up", "down", "status", "env", "exec", "demo", "test", "logs", "open", "version"]:
        assert re.search(rf"atelier {verb}\b|\b{verb}\b", said), verb
