"""Worktrees: 16 made at once, round after round, beside bare git doing the same; how many fail, and how long it takes.

The base is a remote-tracking branch, of which bare git makes the new branch a follower: it loses races over the
repository's configuration then.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from measure import Row, project, quantile, show

from orch_tui import git
from orch_tui.errors import OrchError

AT_ONCE = 16
FILES = 200
BASE = "far/main"


def rounds(count: int, make: Callable[[int, int], bool], clear: Callable[[int, int], None]) -> tuple[int, list[float]]:
    """How many worktrees failed in so many rounds, and the milliseconds of each; `clear` is not counted."""
    failed, taken = 0, list[float]()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for turn in range(count):
            begun = time.perf_counter()
            done = list(threads.map(lambda number, turn=turn: make(turn, number), range(AT_ONCE)))
            taken.append((time.perf_counter() - begun) * 1000)
            failed += done.count(False)
            for number in range(AT_ONCE):
                clear(turn, number)
    return failed, taken


def main() -> None:
    count = 5 if "--quick" in sys.argv else 50
    with project("# Plan\n") as place:
        os.environ.update(place.env)
        repo = prepared(place.root)

        def names(turn: int, number: int) -> tuple[str, Path]:
            slug = f"S{number}"
            return git.repo.attempt_branch("r", slug, turn + 1), git.worktrees.worktree_root(repo, "r") / slug / str(
                turn
            )

        base = call(repo, "rev-parse", BASE).stdout.decode().strip()

        def ours(turn: int, number: int) -> bool:
            branch, path = names(turn, number)
            try:
                git.worktrees.add_worktree(repo, branch=branch, base=base, path=path)
                git.copying.furnish(repo, path)
            except OrchError:
                return False
            return (path / ".git").exists()

        def remove(turn: int, number: int) -> None:
            with contextlib.suppress(OrchError):
                git.worktrees.remove_worktree(repo, names(turn, number)[1])

        def bare(turn: int, number: int) -> bool:
            path = place.root.parent / f"bare-{turn}-{number}"
            return call(repo, "worktree", "add", "-q", "-b", f"bare/{turn}/{number}", str(path), BASE).returncode == 0

        def remove_bare(turn: int, number: int) -> None:
            call(repo, "worktree", "remove", "--force", str(place.root.parent / f"bare-{turn}-{number}"))

        failed, taken = rounds(count, ours, remove)
        bare_failed, bare_taken = rounds(count, bare, remove_bare)
    rows = [
        Row(what=f"failed of {count * AT_ONCE}", value=failed, unit="", bare=bare_failed, target="0"),
        Row(what="a round, median", value=quantile(taken, 0.5), unit="ms", bare=quantile(bare_taken, 0.5)),
        Row(what="a round, p95", value=quantile(taken, 0.95), unit="ms", bare=quantile(bare_taken, 0.95)),
    ]
    show(f"{AT_ONCE} worktrees of {FILES} files at once, {count} rounds; bare: git worktree add from {BASE}", rows)


def prepared(root: Path) -> git.repo.Repo:
    """A repository with some files and a remote of its own."""
    for number in range(FILES):
        (root / f"f{number}.txt").write_text(f"{number}\n" * 50)
    repo = git.repo.find(root)
    assert repo is not None
    author = ("-c", "user.name=bench", "-c", "user.email=bench@example.org")
    far = str(root.parent / "far.git")
    for words in (
        ("add", "."),
        (*author, "commit", "-qm", "files"),
        ("clone", "-q", "--bare", ".", far),
        ("remote", "add", "far", far),
        ("fetch", "-q", "far"),
    ):
        if call(repo, *words).returncode:
            raise SystemExit(f"git {words[0]} failed")
    return repo


def call(repo: git.repo.Repo, *words: str) -> subprocess.CompletedProcess[bytes]:
    """Git as anybody calls it."""
    return subprocess.run(["git", *words], cwd=repo.root, capture_output=True, check=False)


if __name__ == "__main__":
    main()
