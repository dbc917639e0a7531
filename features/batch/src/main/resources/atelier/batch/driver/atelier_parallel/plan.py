"""From the input to mini-batches: the same ones in the same order whenever it is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import slices
from .errors import JobFails
from .settings import Settings

_READERS = ("read_delimited", "read_json_lines", "read_parquet")
_KNOWN = (*_READERS, "extract_columns_from_partition_format", "drop_columns", "keep_columns")
_FIELD = re.compile(r"\{(\w+)(:[^}]*)?}")


@dataclass(frozen=True)
class Batch:
    """What one call of `run()` gets.

    files       paths, when the input is files
    parts       `[path, start, end]` of tables; `end` is None for a whole file
    partition   values of the partition keys
    """

    index: int
    files: list[str] = field(default_factory=list)
    parts: list[list] = field(default_factory=list)
    partition: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """How an MLTable reads its files."""

    reader: str
    options: dict
    partition: re.Pattern | None
    drop: tuple[str, ...]
    keep: tuple[str, ...]
    base: Path

    def values(self, path: Path) -> dict[str, str]:
        """Columns that the file's place holds."""
        if self.partition is None:
            return {}
        match = self.partition.search(path.relative_to(self.base).as_posix())
        if match is None:
            raise JobFails(f"The path {path.name} does not have the partition format of the MLTable.")
        return match.groupdict()

    def has_header(self) -> bool:
        return self.reader == "read_delimited" and self.options.get("header", "all_files_same_headers") not in (
            "no_header",
            False,
        )


def batches(settings: Settings) -> list[Batch]:
    if settings.table is None:
        if settings.partition_keys:
            raise JobFails("partition_keys need an MLTable as input; a file or folder has no columns.")
        found = _files(settings.input)
        groups = _by_bytes(found, settings.batch_bytes) if settings.batch_bytes else _by_count(found, settings.batch_files)
        made = [Batch(index, files=[str(path) for path in group]) for index, group in enumerate(groups)]
    else:
        base = settings.input if settings.input.is_dir() else settings.input.parent
        paths = _table_files(settings.table, base)
        table = table_of(settings.table, base)
        if table is None:
            groups = _by_count(paths, settings.batch_files)
            made = [Batch(index, files=[str(path) for path in group]) for index, group in enumerate(groups)]
        elif settings.partition_keys:
            made = _partitioned(paths, table, settings.partition_keys)
        else:
            made = _sliced(paths, table, settings.batch_bytes or 1024**2)
    if not made:
        raise JobFails("The input has no data: there is nothing to run.")
    return made


def _files(path: Path) -> list[Path]:
    """The file, or the folder's files by path; hidden ones are left out."""
    if path.is_file():
        return [path]
    return _sorted(file for file in path.rglob("*") if file.is_file() and not _hidden(file.relative_to(path)))


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _sorted(paths) -> list[Path]:
    return sorted(paths, key=lambda path: path.parts)


def _by_count(paths: list[Path], count: int) -> Iterator[list[Path]]:
    return (paths[start : start + count] for start in range(0, len(paths), count))


def _by_bytes(paths: list[Path], size: int) -> Iterator[list[Path]]:
    group, total = [], 0
    for path in paths:
        length = path.stat().st_size
        if group and total + length > size:
            yield group
            group, total = [], 0
        group.append(path)
        total += length
    if group:
        yield group


def _table_files(table: dict, base: Path) -> list[Path]:
    found: dict[Path, None] = {}
    for entry in table.get("paths") or []:
        kind, place = next(iter(entry.items())) if isinstance(entry, dict) and entry else ("", "")
        if "://" in str(place):
            raise JobFails(f"The MLTable points to {place}; here it may only name files beside it.")
        relative = str(place)[2:] if str(place).startswith("./") else str(place)
        if kind == "file":
            paths = [base / relative]
        elif kind == "folder":
            paths = _files(base / relative)
        elif kind == "pattern":
            paths = _sorted(path for path in base.glob(relative) if path.is_file())
        else:
            raise JobFails(f"A path of an MLTable is a file, a folder or a pattern, not '{kind}'.")
        for path in paths:
            if not path.is_file():
                raise JobFails(f"The MLTable names {relative}, which is not there.")
            if path.name != "MLTable":
                found[path] = None
    return list(found)


def table_of(table: dict, base: Path) -> Table | None:
    """How to read; None when the MLTable is a list of files."""
    reader, options, partition = None, {}, None
    drop: list[str] = []
    keep: list[str] = []
    for step in table.get("transformations") or []:
        name, value = (step, {}) if isinstance(step, str) else next(iter(step.items()))
        if name not in _KNOWN:
            raise JobFails(f"The MLTable's '{name}' is not known here; {', '.join(_KNOWN)} are.")
        if name in _READERS:
            reader, options = name, value or {}
        elif name == "extract_columns_from_partition_format":
            partition = _pattern(value["partition_format"] if isinstance(value, dict) else value)
        else:
            names = value.get("columns", []) if isinstance(value, dict) else value
            (drop if name == "drop_columns" else keep).extend([names] if isinstance(names, str) else names)
    return None if reader is None else Table(reader, options, partition, tuple(drop), tuple(keep), base)


def _pattern(form: str) -> re.Pattern:
    """`{Store}/{Brand}/{file_name}.{extension}` as a regular expression."""
    built, position = "", 0
    for match in _FIELD.finditer(form):
        if match.group(2):
            raise JobFails(f"Dates in a partition format ({match.group(0)}) are not known here.")
        built += re.escape(form[position : match.start()]) + f"(?P<{match.group(1)}>[^/]+?)"
        position = match.end()
    return re.compile("(?:^|/)" + (built + re.escape(form[position:])).lstrip("/") + "$")


def _partitioned(paths: list[Path], table: Table, keys: tuple[str, ...]) -> list[Batch]:
    groups: dict[tuple, Batch] = {}
    for path in paths:
        values = table.values(path)
        missing = [key for key in keys if key not in values]
        if missing:
            raise JobFails(
                f"The MLTable's partition format does not give the partition key '{missing[0]}';"
                f" it gives: {', '.join(values) or 'none'}."
            )
        partition = {key: values[key] for key in keys}
        group = groups.setdefault(tuple(partition.values()), Batch(len(groups), partition=partition))
        group.parts.append([str(path), 0, None])
    return list(groups.values())


def _sliced(paths: list[Path], table: Table, size: int) -> list[Batch]:
    made: list[Batch] = []
    parts, total = [], 0
    for path in paths:
        if table.reader == "read_parquet" or path.stat().st_size <= size:
            ranges = [(0, None, path.stat().st_size)]
        else:
            quoted = table.reader == "read_delimited"
            ranges = [(start, end, end - start) for start, end in slices.cut(path, size, table.has_header(), quoted)]
        for start, end, length in ranges:
            if parts and total + length > size:
                made.append(Batch(len(made), parts=parts))
                parts, total = [], 0
            parts.append([str(path), start, end])
            total += length
    if parts:
        made.append(Batch(len(made), parts=parts))
    return made
