"""The files in which the project says how agents are to work on it, as they are when the plan is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from orch_tui import git
from orch_tui.core.run_events import RuleFile


def rule_files(root: Path, names: Sequence[str], *, isolated: bool) -> tuple[tuple[RuleFile, ...], tuple[str, ...]]:
    """The rules for the project at `root` from the files called `names`, and notices about those that are too large.

    Sections in worktrees see what is committed, everywhere in the repository; others what is in `root`.
    """
    repo = git.repo.find(root) if isolated else None
    found = git.rule_files.committed(repo, names) if repo else git.rule_files.in_place(root, names)
    rules = tuple(
        RuleFile(path=one.path, below=_directory(one.path), text=one.text)
        for one in found
        if one.text and one.text.strip()
    )
    large = tuple(
        f"{one.path!r} is too large for briefs (over {git.rule_files.LARGEST // 1024} KB): agents are not told of it."
        for one in found
        if one.text is None
    )
    return rules, large


def _directory(path: str) -> str:
    above = PurePosixPath(path).parent.as_posix()
    return "" if above == "." else above
