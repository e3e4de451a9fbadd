"""The fenced shell blocks of a section: exactly what the `script` agent will run."""

from __future__ import annotations

import re
from dataclasses import dataclass

from orch_tui.plan.lines import split_lines

_OPEN = re.compile(r"^(?P<indent>\s*)(?P<fence>`{3,}|~{3,})\s*(?P<lang>[A-Za-z]+)[^`]*$")
_SHELLS = frozenset({"bash", "sh"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellBlock:
    """One block: `shell` is "bash" or "sh", `line` is its fence, counted from 1 within the given text."""

    shell: str
    text: str
    line: int


def shell_blocks(body: str) -> tuple[ShellBlock, ...]:
    """The ```bash and ```sh blocks of `body` in order; blocks of other languages and unclosed ones are not run."""
    found: list[ShellBlock] = []
    lines = split_lines(body)
    at = 0
    while at < len(lines):
        opened = _OPEN.match(lines[at])
        if not opened:
            plain = re.match(r"^\s*(`{3,}|~{3,})", lines[at])
            if plain:
                at = _closing(lines, at + 1, plain[1]) + 1
            else:
                at += 1
            continue
        end = _closing(lines, at + 1, opened["fence"])
        if opened["lang"].lower() in _SHELLS and end < len(lines):
            indent = len(opened["indent"])
            text = "".join(_outdent(line, indent) + "\n" for line in lines[at + 1 : end])
            found.append(ShellBlock(shell=opened["lang"].lower(), text=text, line=at + 1))
        at = end + 1
    return tuple(found)


def _closing(lines: list[str], start: int, fence: str) -> int:
    """Index of the line that closes `fence`, or len(lines)."""
    for at in range(start, len(lines)):
        stripped = lines[at].strip()
        if stripped and set(stripped) == {fence[0]} and len(stripped) >= len(fence):
            return at
    return len(lines)


def _outdent(line: str, indent: int) -> str:
    lead = len(line) - len(line.lstrip(" "))
    return line[min(indent, lead) :]
