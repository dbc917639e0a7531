"""Reads the commands out of Markdown: the ```sh and ```python blocks, in order.

A block that waits for ever, or that would need another machine, carries a comment above it:
`<!-- run: no, because … -->`. The reason is required."""

import dataclasses
import re

FENCE = re.compile(r"^```(\w*)\s*$")
NOT_RUN = re.compile(r"<!--\s*run:\s*no,\s*(\S.*?)\s*-->")


@dataclasses.dataclass(frozen=True)
class Block:
    language: str
    text: str
    line: int
    not_run: str


def blocks(markdown):
    found, opened, above = [], None, ""
    for number, line in enumerate(markdown.splitlines(), 1):
        fence = FENCE.match(line)
        if opened is None and fence:
            reason = NOT_RUN.search(above)
            opened = (fence.group(1), number, [], reason.group(1) if reason else "")
        elif opened is not None and line.strip() == "```":
            found.append(Block(opened[0], "\n".join(opened[2]) + "\n", opened[1], opened[3]))
            opened, above = None, ""
        elif opened is not None:
            opened[2].append(line)
        elif line.strip():
            above = line
    assert opened is None, f"the block at line {opened[1]} never ends"
    return found
