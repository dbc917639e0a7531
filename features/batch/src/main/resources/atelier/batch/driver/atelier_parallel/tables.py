"""Reads the parts of a table as one pandas DataFrame."""

from __future__ import annotations

import io
from pathlib import Path

from . import slices
from .errors import BatchFails
from .plan import Table

_ENCODINGS = {"utf8": "utf-8", "iso88591": "iso-8859-1", "latin1": "latin-1", "windows1252": "cp1252"}


def read(table: Table, parts: list[list]):
    import pandas as pd

    frames = [_columns(table, Path(path), _part(table, Path(path), start, end)) for path, start, end in parts]
    frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    if table.keep:
        frame = frame[[name for name in table.keep if name in frame.columns]]
    return frame.drop(columns=list(table.drop), errors="ignore")


def _part(table: Table, path: Path, start: int, end: int | None):
    import pandas as pd

    if table.reader == "read_parquet":
        return pd.read_parquet(path)
    if table.reader == "read_json_lines":
        return pd.read_json(_bytes(path, start, end), lines=True)
    options = table.options
    header = table.has_header()
    source = path if end is None else _bytes(path, start, end, slices.header_of(path, True) if header else b"")
    try:
        return pd.read_csv(
            source,
            sep=options.get("delimiter", ","),
            encoding=_ENCODINGS.get(options.get("encoding", "utf8"), options.get("encoding", "utf8")),
            header=0 if header else None,
            keep_default_na=not options.get("empty_as_string", False),
            dtype=None if options.get("infer_column_types", True) else str,
        )
    except ValueError as error:
        raise BatchFails(f"{path.name} is not the table that the MLTable describes: {error}") from None


def _bytes(path: Path, start: int, end: int | None, before: bytes = b"") -> io.BytesIO:
    with path.open("rb") as file:
        file.seek(start)
        return io.BytesIO(before + file.read(-1 if end is None else end - start))


def _columns(table: Table, path: Path, frame):
    if table.options.get("include_path_column"):
        frame["Path"] = str(path)
    for name, value in table.values(path).items():
        frame[name] = value
    return frame
