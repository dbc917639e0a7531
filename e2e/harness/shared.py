"""The one server that the tests of a run share. Modules that read the variables of `atelier env` when they are imported
need it before the first fixture; so it is started when it is first asked for, and ended with the run."""

import os
import pathlib
import shutil
import tempfile

from launcher import Atelier

_started = []


def server():
    """The started server; this process has the variables of `atelier env` from now on."""
    if not _started:
        home = pathlib.Path(tempfile.mkdtemp(prefix="atelier-e2e-"))
        made = Atelier(home / "data")
        _started.append((home, made))
        made.up()
        os.environ.update(made.exports())
    return _started[0][1]


def stop():
    while _started:
        home, made = _started.pop()
        made.close()
        shutil.rmtree(home, ignore_errors=True)
