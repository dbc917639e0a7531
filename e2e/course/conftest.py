"""Microsoft's course MicrosoftLearning/mslearn-azure-ml as judge. It is read at run time from a clone that ATELIER_COURSE
names; nothing of it is in this repository."""

import os
import pathlib

import pytest

from labs import Course


@pytest.fixture(scope="session")
def course(atelier, tmp_path_factory):
    """The clone, and the started server that its labs run against."""
    named = os.environ.get("ATELIER_COURSE", "")
    assert named, "ATELIER_COURSE must name the folder of a clone of MicrosoftLearning/mslearn-azure-ml."
    folder = pathlib.Path(named)
    assert (folder / "Labs").is_dir(), f"{folder} is no clone of MicrosoftLearning/mslearn-azure-ml: it has no folder Labs."
    course = Course(folder / "Labs", atelier, tmp_path_factory.mktemp("labs"))
    yield course
    course.write_report()
