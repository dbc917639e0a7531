"""Cuts text tables at line ends, so that a large file becomes several mini-batches without being read as a table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_CHUNK = 1 << 20


def cut(path: Path, size: int, header: bool, quoted: bool) -> Iterator[tuple[int, int]]:
    """Ranges of about `size` bytes of the rows of a file, each ending with a whole row.

    header   the first row is the header, and in no range
    quoted   a line end between double quotes belongs to the row, as in CSV
    """
    total = path.stat().st_size
    with path.open("rb") as file:
        start = _row_end(file, 0, quoted) if header else 0
        while start < total:
            end = total if total - start <= size else _cut_after(file, start, size, total, quoted)
            yield start, end
            start = end


def _cut_after(file, start: int, size: int, total: int, quoted: bool) -> int:
    """The end of the row that `start + size` falls into."""
    file.seek(start)
    inside, left = False, size
    while quoted and left > 0:
        chunk = file.read(min(_CHUNK, left))
        inside ^= chunk.count(b'"') % 2 == 1
        left -= len(chunk)
    return min(_row_end(file, start + size, quoted, inside), total)


def _row_end(file, position: int, quoted: bool, inside: bool = False) -> int:
    """Just after the first line end from `position` on that is not between quotes."""
    file.seek(position)
    while line := file.readline():
        position += len(line)
        inside ^= quoted and line.count(b'"') % 2 == 1
        if not inside:
            break
    return position


def header_of(path: Path, quoted: bool) -> bytes:
    with path.open("rb") as file:
        end = _row_end(file, 0, quoted)
        file.seek(0)
        return file.read(end)
