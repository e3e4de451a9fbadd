"""Whether an agent reached out of its worktree, into the user's own checkout, by what its transcript shows."""

from __future__ import annotations

import re
from pathlib import Path

from orch_tui.clean import one_line
from orch_tui.errors import OrchError
from orch_tui.store.transcripts import Follow


def reached(transcript: Path, root: Path, tree: Path) -> str:
    """The first tool call that names `root`, or something below it, apart from its own `tree`; "" when none does.

    A call that got there by another way is not found: from a change of the checkout alone nobody can tell who made it.
    """
    there = re.compile(rf"(?<![\w./-]){re.escape(str(root))}(?![\w.-])")
    try:
        for call in Follow(transcript, kinds=frozenset({"tool"})).read():
            name, given = str(call.get("name", "")), str(call.get("input", ""))
            if there.search(given.replace(str(tree), "")):
                return one_line(f"{name}: {given}", 300)
    except (OrchError, OSError, ValueError):
        return ""
    return ""
