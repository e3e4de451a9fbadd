"""What every benchmark needs: a scratch project, quantiles, and a table with ratios to a bare baseline."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orch_tui.store import journal, layout
from orch_tui.store.layout import RunDir

PROGRAM = (sys.executable, "-m", "orch_tui")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table. `bare` is the same measured without the product; 0 when there is nothing to compare with."""

    what: str
    value: float
    unit: str
    bare: float = 0.0
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A scratch directory to work in, and the environment that keeps everything inside it."""

    root: Path
    env: dict[str, str]

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the program in the project, its output to output.txt beside it."""
        with (self.root.parent / "output.txt").open("ab") as output:
            return subprocess.Popen(
                [*PROGRAM, *arguments],
                cwd=self.root,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def call(self, *arguments: str) -> int:
        """Run the program to its end; returns its exit code."""
        return self.start(*arguments).wait()

    def output(self) -> str:
        """What it said so far."""
        return (self.root.parent / "output.txt").read_text(errors="replace")

    def run(self) -> RunDir:
        """The newest run."""
        return layout.runs(self.root)[0]


@contextlib.contextmanager
def project(plan: str, *, git: bool = True, config: str = "") -> Iterator[Project]:
    """A scratch project with plan.md, in a repository of its own when `git`; nothing is checked, nobody asked."""
    with tempfile.TemporaryDirectory(prefix="orch-bench-", ignore_cleanup_errors=True) as place:
        base = Path(place)
        root = base / "project"
        for path in (root, base / "home", root / ".orch"):
            path.mkdir(mode=0o700)
        env = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        env |= {"HOME": str(base / "home")}
        env |= {name: str(base / name.lower()) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
        (root / "plan.md").write_text(plan)
        (root / ".orch" / "config.yaml").write_text(f"workflow: minimal\n{config}")
        if git:
            author = ("-c", "user.name=bench", "-c", "user.email=bench@example.org")
            for words in (("init", "-q", "-b", "main"), ("add", "plan.md"), (*author, "commit", "-qm", "plan")):
                subprocess.run(["git", *words], cwd=root, env=env, check=True)
        yield Project(root=root, env=env)


def records(run: RunDir) -> list[journal.Record]:
    """The whole journal of a run."""
    tail, found = journal.Tail(run.journal), []
    while more := tail.read():
        found += more
    return found


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0..1) of `values` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def show(title: str, rows: Sequence[Row]) -> None:
    """Print a table."""
    print(f"\n{title}")
    print(f"  {'':44} {'measured':>14} {'bare':>14} {'ratio':>7}  target")
    for row in rows:
        bare = f"{row.bare:,.2f} {row.unit}" if row.bare else ""
        ratio = f"{row.value / row.bare:.2f}" if row.bare else ""
        print(f"  {row.what:44} {f'{row.value:,.2f} {row.unit}':>14} {bare:>14} {ratio:>7}  {row.target}")
    sys.stdout.flush()


def milliseconds(argv: Sequence[str], *, times: int, **options: Any) -> list[float]:
    """Wall time of whole processes, in milliseconds."""
    taken: list[float] = []
    for _ in range(times):
        begun = time.perf_counter()
        subprocess.run(argv, check=True, stdout=subprocess.DEVNULL, **options)
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def status(run: RunDir) -> dict[str, Any]:
    """What `query` would print."""
    return json.loads(run.status.read_bytes())
