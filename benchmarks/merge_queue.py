"""The merge queue: small sections by the workflow `local`, each proven on the merged result; and what each step costs.

The baseline is a bare script with the same git commands for each section: a worktree, a commit, `true` for its checks,
the merge, a worktree of the result with `true` again, the branch moved, both worktrees removed. What must not be done
at once is done one after the other there too. The steps are those of two sections at once.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from measure import Row, project, quantile, records, show

from orch_tui.store.journal import Record

AT_ONCE = 8
HEAD = "---\nagent: script\nworkflow: local\nchecks: ['true']\nconcurrency: {at_once}\n{more}---\n# Many\n"
STEPS = {
    "worktree": ("AttemptIntended", "WorktreeReady"),
    "host and agent up": ("WorktreeReady", "AgentStarted"),
    "agent (a script)": ("AgentStarted", "AttemptEnded"),
    "commit": ("CommitIntended", "WorkCommitted"),
    "waits for a slot": ("WorkCommitted", "AttemptIntended:verify"),
    "checks": ("AttemptIntended:verify", "AttemptEnded:verify"),
    "waits for its turn": ("AttemptEnded:verify", "MergeIntended"),
    "merge computed": ("MergeIntended", "MergeComputed"),
    "proof": ("AttemptIntended:merge", "AttemptEnded:merge"),
    "branch moved": ("MergeIntended:again", "WorkMerged"),
    "all of it": ("AttemptIntended", "SectionDone"),
}
"""A step of a section -> the events it begins and ends with; of a phase, or the second of their kind."""


def plan(count: int, *, at_once: int, more: str = "") -> str:
    """Sections side by side, each of which writes a file."""
    parts = [HEAD.format(at_once=at_once, more=more)]
    for number in range(count):
        body = f"echo {number} > {number}.txt"
        parts.append(f"## Section S{number:03}: Step {number}\nDependencies: none\n\n```bash\n{body}\n```\n")
    return "\n".join(parts)


def engine(text: str) -> list[Record]:
    """Run a plan headless; returns its journal."""
    with project(text) as place:
        if code := place.call("run", "plan.md", "--headless", "--yes"):
            sys.exit(f"the run ended with {code}:\n{place.output()[-3000:]}")
        return records(place.run())


def merged_a_second(found: list[Record]) -> float:
    """Merges a second, from the first intent to the last merge."""
    begun = next(record.mono for record in found if record.type == "MergeIntended")
    merges = [record.mono for record in found if record.type == "WorkMerged"]
    return len(merges) / (merges[-1] - begun)


def taken(found: list[Record]) -> dict[str, list[float]]:
    """Milliseconds of each step, section by section."""
    out: dict[str, list[float]] = {step: [] for step in STEPS}
    seen: dict[str, dict[str, float]] = {}
    phases: dict[tuple[str, int], str] = {}
    for record in found:
        section = record.data.get("section")
        if not isinstance(section, str):
            continue
        at, attempt = seen.setdefault(section, {}), (section, record.data.get("attempt", 0))
        if record.type == "AttemptIntended":
            phases[attempt] = record.data["phase"]
        names = [record.type, f"{record.type}:{phases.get(attempt, '')}", f"{record.type}:again"]
        for name in names if record.type in at else names[:2]:
            at.setdefault(name, record.mono)
    for at in seen.values():
        for step, (begins, ends) in STEPS.items():
            if begins in at and ends in at:
                out[step].append((at[ends] - at[begins]) * 1000)
    return out


class Bare:
    """The same git commands without anything around them; `taken` has the milliseconds of each step."""

    def __init__(self, root: Path, trees: Path, env: dict[str, str]) -> None:
        self._root, self._trees, self._env = root, trees, env
        self._serial = threading.Lock()
        self._queue = threading.Lock()
        self.taken: dict[str, list[float]] = {}
        self._git("branch", "integration")

    def section(self, number: int) -> None:
        """One section from its worktree to the end."""
        tree, branch = self._trees / str(number), f"b{number}"
        with self._step("all of it"):
            with self._step("worktree"), self._serial:
                self._git("worktree", "add", "-q", "--no-track", "-b", branch, str(tree), "integration")
            (tree / f"{number}.txt").write_text("x\n")
            with self._step("commit"):
                self._git("add", "-A", at=tree)
                self._git("commit", "-qm", f"section {number}", at=tree)
            with self._step("checks"):
                subprocess.run(["true"], cwd=tree, check=True)
            with self._queue:
                self._merge(number, branch)
            with self._serial:
                self._git("worktree", "remove", str(tree))

    def _merge(self, number: int, branch: str) -> None:
        with self._step("merge computed"):
            merged = self._git("merge-tree", "--write-tree", "integration", branch)
            commit = self._git("commit-tree", merged, "-p", "integration", "-p", branch, "-m", f"merge {number}")
        proof = self._trees / f"proof-{number}"
        with self._step("proof"):
            with self._serial:
                self._git("worktree", "add", "-q", "--detach", str(proof), commit)
            subprocess.run(["true"], cwd=proof, check=True)
        with self._step("branch moved"):
            self._git("update-ref", "refs/heads/integration", commit)
        with self._serial:
            self._git("worktree", "remove", str(proof))

    @contextmanager
    def _step(self, name: str) -> Generator[None]:
        begun = time.perf_counter()
        yield
        self.taken.setdefault(name, []).append((time.perf_counter() - begun) * 1000)

    def _git(self, *words: str, at: Path | None = None) -> str:
        argv = ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.org", *words]
        done = subprocess.run(argv, cwd=at or self._root, env=self._env, check=True, capture_output=True, text=True)
        return done.stdout.strip()


def bare(count: int, at_once: int) -> tuple[float, dict[str, list[float]]]:
    """Merges a second, and the milliseconds of each step."""
    with project("# plan\n") as place, tempfile.TemporaryDirectory() as trees:
        script = Bare(place.root, Path(trees), place.env)
        begun = time.perf_counter()
        with ThreadPoolExecutor(at_once) as threads:
            list(threads.map(script.section, range(count)))
        return count / (time.perf_counter() - begun), script.taken


def main() -> None:
    count, few = (16, 8) if "--quick" in sys.argv else (100, 20)
    rate = merged_a_second(engine(plan(count, at_once=AT_ONCE)))
    together = merged_a_second(engine(plan(count, at_once=AT_ONCE, more=f"merge_batch: {AT_ONCE}\n")))
    alone = bare(count, AT_ONCE)[0]
    rows = [
        Row(what="merged, each proven by itself", value=rate, unit="/s", bare=alone),
        Row(what=f"merged, up to {AT_ONCE} proven together", value=together, unit="/s", bare=alone),
    ]
    show(f"merge queue, {count} sections by `local`, {AT_ONCE} at once", rows)
    ours, theirs = taken(engine(plan(few, at_once=2))), bare(few, 2)[1]
    rows = [
        Row(what=step, value=quantile(ours[step], 0.5), unit="ms", bare=quantile(theirs.get(step, [0.0]), 0.5))
        for step in STEPS
        if ours[step]
    ]
    show(f"steps of a section by `local`, {few}, two at once (median)", rows)


if __name__ == "__main__":
    main()
