"""The fenced shell blocks of a section: exactly what the `script` agent will run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orch_tui.plan.lines import split_lines

_OPENS = re.compile(r"^\s*(?P<fence>`{3,}|~{3,})")
_IN_A_LANGUAGE = re.compile(r"^(?P<indent>\s*)(?:`{3,}|~{3,})\s*(?P<lang>[A-Za-z]+)[^`]*$")
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
    for at, end in _fenced(lines):
        opened = _IN_A_LANGUAGE.match(lines[at])
        if opened and opened["lang"].lower() in _SHELLS and end < len(lines):
            indent = len(opened["indent"])
            text = "".join(_outdent(line, indent) + "\n" for line in lines[at + 1 : end])
            found.append(ShellBlock(shell=opened["lang"].lower(), text=text, line=at + 1))
    return tuple(found)


def unfenced(text: str) -> str:
    """`text` with fences that are never closed written so that they open nothing: `\\```bash`."""
    lines = split_lines(text)
    unclosed: dict[str, int] = {}
    at = 0
    while at < len(lines):
        fence, end = _fence(lines[at]), at
        if fence:
            known = unclosed.get(fence[0], len(fence) + 1) <= len(fence)
            end = len(lines) if known else _closing(lines, at + 1, fence)
        if end == len(lines):
            unclosed[fence[0]] = len(fence)
            lines[at] = lines[at].replace(fence, f"\\{fence}", 1)
            end = at
        at = end + 1
    return "\n".join(lines) if unclosed else text


def _fenced(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Indices of each fence and the line that closes it, which is len(lines) when nothing does."""
    at = 0
    while at < len(lines):
        fence, end = _fence(lines[at]), at
        if fence:
            end = _closing(lines, at + 1, fence)
            yield at, end
        at = end + 1


def _fence(line: str) -> str:
    """The backticks or tildes that open a block, "" where the line opens none."""
    found = _OPENS.match(line)
    return found["fence"] if found else ""


def _closing(lines: Sequence[str], start: int, fence: str) -> int:
    """Index of the line that closes `fence`, or len(lines)."""
    for at in range(start, len(lines)):
        stripped = lines[at].strip()
        if stripped and set(stripped) == {fence[0]} and len(stripped) >= len(fence):
            return at
    return len(lines)


def _outdent(line: str, indent: int) -> str:
    lead = len(line) - len(line.lstrip(" "))
    return line[min(indent, lead) :]
