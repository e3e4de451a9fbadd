"""What a session left behind: read from its transcript and, by git, from its worktree."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orch_tui import git
from orch_tui.clean import one_line
from orch_tui.core.attempt import AttemptState
from orch_tui.core.left_off import Left
from orch_tui.errors import OrchError
from orch_tui.store.layout import AttemptDir
from orch_tui.store.transcripts import Follow

_KINDS = frozenset({"tool", "text", "ask", "notice"})
_MOST_TOOLS, _MOST_LINES, _MOST_ANSWERS = 10, 40, 8
_CHANCE = re.compile(r"[0-9a-f]{7,}|\d+")


def left_by(directory: AttemptDir, attempt: AttemptState) -> Left:
    """What an attempt left; what cannot be read is left out."""
    found = git.unfinished.look(Path(attempt.path), attempt.base) if attempt.branch else git.unfinished.Unfinished()
    tools: deque[str] = deque(maxlen=_MOST_TOOLS)
    said: deque[str] = deque(maxlen=_MOST_LINES)
    answers: deque[tuple[str, str]] = deque(maxlen=_MOST_ANSWERS)
    asked = ""
    for record in _records(directory):
        match record:
            case {"kind": "tool"}:
                tools.append(one_line(_call(record), 90))
                said.clear()  # what it says after its last call is what it was about to do
            case {"kind": "text", "text": str(text)}:
                if record.get("cont") and said:
                    said[-1] += text
                else:
                    said.append(text)
            case {"kind": "ask", "title": str(title)}:
                asked = one_line(title, 120)
            case {"kind": "notice", "notice": "answer", "text": str(text)}:
                answers.append((asked or "asked", one_line(text, 120)))
            case _:
                pass
    return Left(
        stat=found.stat,
        untracked=found.untracked,
        commits=found.commits,
        tools=tuple(tools),
        answers=tuple(answers),
        said="\n".join(said),
    )


def deeds_of(directory: AttemptDir) -> str:
    """All tool calls of an attempt as a hash, without the numbers that differ each time; "" when there was none."""
    calls = [_CHANCE.sub("#", _call(record)) for record in _records(directory) if record.get("kind") == "tool"]
    return hashlib.sha256("\n".join(calls).encode("utf-8", "replace")).hexdigest()[:16] if calls else ""


def _call(record: Mapping[str, Any]) -> str:
    return f"{record.get('name', '')} {record.get('input', '')}"


def _records(directory: AttemptDir) -> list[dict[str, Any]]:
    try:
        return Follow(directory.transcript, kinds=_KINDS).read()
    except (OrchError, OSError, ValueError):
        return []
