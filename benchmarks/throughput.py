"""Sections a second through the whole durable engine, in place and in worktrees, and where the time of a section goes.

Layers of 50 sections, each after two of the layer above, 8 at once. In place the baseline is asyncio spawning `true`,
8 at once; with worktrees it is a bare script that runs the same git commands, 8 at once.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

from measure import Project, Row, project, quantile, records, show

from orch_tui.store.journal import Record

AT_ONCE = 8
LAYER = 50
STEPS = {
    "AttemptIntended": "intended",
    "WorktreeReady": "prepared",
    "AttemptStarted": "started",
    "AgentStarted": "agent up",
    "AttemptEnded": "ended",
    "CommitIntended": "commit intended",
    "WorkCommitted": "committed",
    "MergeIntended": "merge intended",
    "WorkMerged": "merged",
    "SectionDone": "done",
}


def layered(count: int, *, isolation: str, body: str) -> str:
    """A plan of `count` sections."""
    parts = [f"---\nagent: script\nconcurrency: {AT_ONCE}\nisolation: {isolation}\n---\n# Layers\n"]
    for number in range(count):
        layer, place = divmod(number, LAYER)
        above = [(layer - 1) * LAYER + place, (layer - 1) * LAYER + (place + 1) % LAYER]
        after = ", ".join(f"Section S{up:04}" for up in above) if layer else "none"
        parts.append(f"## Section S{number:04}: Step {number}\nDependencies: {after}\n\n```bash\n{body}\n```\n")
    return "\n".join(parts)


def engine(count: int, *, isolation: str, body: str) -> tuple[float, float, list[Record], Project]:
    """Run it headless; returns sections/s from approval to the end, whole-process seconds, and the journal."""
    with project(layered(count, isolation=isolation, body=body), git=isolation == "worktree") as place:
        begun = time.perf_counter()
        code = place.call("run", "plan.md", "--headless", "--yes")
        whole = time.perf_counter() - begun
        if code:
            sys.exit(f"the run ended with {code}:\n{place.output()[-3000:]}")
        found = records(place.run())
    at = {record.type: record.t for record in found if record.type in {"RunApproved", "RunFinished"}}
    return count / (at["RunFinished"] - at["RunApproved"]), whole, found, place


async def bare_spawns(count: int) -> float:
    """Processes a second that asyncio spawns and waits for, 8 at once."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with slots:
            child = await asyncio.create_subprocess_exec("true")
            await child.wait()

    begun = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(one())
    return count / (time.perf_counter() - begun)


def bare_git(count: int) -> float:
    """Sections a second when a bare script does what git has to do for each: worktree, commit, merge, removal."""
    with project("# plan\n") as place, tempfile.TemporaryDirectory() as trees:
        serial = threading.Lock()

        def git(*words: str, cwd: Path = place.root) -> str:
            author = ("-c", "user.name=bench", "-c", "user.email=bench@example.org")
            argv = ["git", *author, *words]
            return subprocess.run(
                argv, cwd=cwd, env=place.env, check=True, capture_output=True, text=True
            ).stdout.strip()

        git("branch", "integration")

        def one(number: int) -> None:
            tree = Path(trees) / str(number)
            with serial:
                git("worktree", "add", "-q", "--no-track", "-b", f"b{number}", str(tree), "integration")
            (tree / f"{number}.txt").write_text("x\n")
            git("add", "-A", cwd=tree)
            git("commit", "-qm", f"section {number}", cwd=tree)
            with serial:
                merged = git("merge-tree", "--write-tree", "integration", f"b{number}")
                parents = ("-p", "integration", "-p", f"b{number}")
                commit = git("commit-tree", merged, *parents, "-m", f"merge {number}")
                git("update-ref", "refs/heads/integration", commit)
                git("worktree", "remove", "--force", str(tree))

        begun = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(one, range(count)))
        return count / (time.perf_counter() - begun)


def steps(found: list[Record]) -> list[Row]:
    """Median milliseconds between two steps of a section, from the journal's monotonic times."""
    sections: dict[str, list[tuple[str, float]]] = {}
    for record in found:
        if record.type in STEPS and "section" in record.data:
            sections.setdefault(record.data["section"], []).append((STEPS[record.type], record.mono))
    gaps: dict[str, list[float]] = {}
    for passed in sections.values():
        for (before, begun), (after, ended) in pairwise(passed):
            gaps.setdefault(f"{before} → {after}", []).append((ended - begun) * 1000)
        gaps.setdefault("intended → done", []).append((passed[-1][1] - passed[0][1]) * 1000)
    rows = []
    for name, taken in gaps.items():
        rows.append(Row(what=f"{name} (p95 {quantile(taken, 0.95):.1f})", value=quantile(taken, 0.5), unit="ms"))
    return rows


def main() -> None:
    quick = "--quick" in sys.argv
    count, trees = (100, 20) if quick else (1000, 100)
    rate, whole, found, _ = engine(count, isolation="none", body="true")
    bare = asyncio.run(bare_spawns(count))
    rows = [Row(what=f"{count} no-op sections", value=rate, unit="/s", bare=bare, target="200/s or more")]
    rows.append(Row(what="the whole process, with reading and leaving", value=whole, unit="s"))
    show(f"throughput in place, {AT_ONCE} at once", rows)
    show("where the time of a section goes, in place (median)", steps(found))
    rate, whole, found, _ = engine(trees, isolation="worktree", body="echo x > $RANDOM-$$.txt")
    rows = [Row(what=f"{trees} sections in worktrees", value=rate, unit="/s", bare=bare_git(trees))]
    rows.append(Row(what="the whole process, with reading and leaving", value=whole, unit="s"))
    show(f"throughput in worktrees, {AT_ONCE} at once", rows)
    show("where the time of a section goes, in worktrees (median)", steps(found))


if __name__ == "__main__":
    main()
