"""What a round of the kill campaign is about: repositories and a plan of scripts, made up from its seed."""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass
from pathlib import Path

LOOP = """name: loop
start: build
phases:
  build: {{type: agent, prompt: brief.md, max_visits: 9, on_success: look}}
  look:
    type: script
    run: [sh, -c, 'mkdir "{looked}/$(basename "$(dirname "$ORCH_ATTEMPT")")" 2>/dev/null && exit 1 || exit 0']
    on_success: merge
    on_failure: build
  merge: {{type: script, do: merge, on_success: done}}
  done: {{type: terminal, outcome: done}}
"""
"""What is built is looked at, and found wanting the first time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section: it appends to the ledger, lasts `seconds`, and leaves a file of its own."""

    number: int
    after: tuple[int, ...]
    seconds: float
    elsewhere: bool
    commits: bool
    beside: str

    @property
    def file(self) -> str:
        """What it writes: the marker of the attempt."""
        return f"f{self.number}.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A plan, and where it is carried out."""

    seed: int
    place: Path
    repositories: tuple[str, ...]
    worktrees: bool
    workflow: str
    strategy: str
    branches: str
    batch: int
    concurrency: int
    parts: tuple[Part, ...]

    @property
    def root(self) -> Path:
        """The user's project."""
        return self.place / "shop"

    @property
    def ledger(self) -> Path:
        """Where sections tell, outside of every repository, that they begin and that they are through."""
        return self.place / "ledger"

    @property
    def trace(self) -> str:
        """What stands in the arguments of whatever a section leaves in the background."""
        return f"{self.seed:07}"

    def home_of(self, part: Part) -> Path:
        """The repository a section is in."""
        return self.place / ("api" if part.elsewhere else "shop")

    def words(self) -> str:
        """The shape on one line."""
        where = "worktrees" if self.worktrees else "in place"
        return (
            f"{len(self.parts)} sections in {'+'.join(self.repositories)} {where}, {self.workflow}, {self.strategy}, "
            f"branches: {self.branches}, batch {self.batch}, {self.concurrency} at once"
        )


def shape_of(seed: int, place: Path, chance: random.Random) -> Shape:
    """A shape for a seed."""
    worktrees = chance.random() > 0.12
    two = worktrees and chance.random() < 0.3
    count = chance.choice((5, 5, 6, 6, 7, 8, 10))
    return Shape(
        seed=seed,
        place=place,
        repositories=("shop", "api") if two else ("shop",),
        worktrees=worktrees,
        workflow=chance.choice(("minimal", "minimal", "minimal", "local", "local", "loop")) if worktrees else "minimal",
        strategy=chance.choice(("merge", "squash", "rebase")),
        branches=chance.choice(("section", "plan")),
        batch=chance.choice((1, 1, 2, 4)),
        concurrency=chance.randint(2, 5),
        parts=tuple(_part(number, chance, two=two, worktrees=worktrees) for number in range(1, count + 1)),
    )


def _part(number: int, chance: random.Random, *, two: bool, worktrees: bool) -> Part:
    earlier = range(max(1, number - 5), number)
    return Part(
        number=number,
        after=tuple(sorted(chance.sample(earlier, k=min(len(earlier), chance.choice((0, 1, 1, 2)))))),
        seconds=round(chance.uniform(0.0, 0.5), 2),
        elsewhere=two and chance.random() < 0.4,
        commits=worktrees and chance.random() < 0.3,
        beside=chance.choice(("", "", "", "setsid", "env -i setsid", "nohup")),
    )


def make(shape: Shape) -> None:
    """The repositories with one commit each, the plan and the settings."""
    for name in shape.repositories:
        path = shape.place / name
        path.mkdir(parents=True)
        (path / "README.md").write_text(f"{name}\n")
        git(path, "init", "-q", "-b", "main")
        git(path, "config", "user.name", "T")
        git(path, "config", "user.email", "t@example.org")
        git(path, "add", ".")
        git(path, "commit", "-qm", "start")
    orch = shape.root / ".orch"
    (orch / "workflows").mkdir(mode=0o700, parents=True)
    orch.chmod(0o700)
    looked = shape.place / "looked"
    looked.mkdir()
    (orch / "workflows" / "loop.yaml").write_text(LOOP.format(looked=looked))
    (shape.root / "plan.md").write_text(plan(shape))
    git(shape.root, "add", "plan.md")
    git(shape.root, "commit", "-qm", "plan")


def plan(shape: Shape) -> str:
    """The plan in Markdown."""
    front = [
        "agent: script",
        f"workflow: {shape.workflow}",
        f"concurrency: {shape.concurrency}",
        f"isolation: {'worktree' if shape.worktrees else 'none'}",
        f"merge_strategy: {shape.strategy}",
        f"branches: {shape.branches}",
        f"merge_batch: {shape.batch}",
        "checks: ['! ls bad* 2>/dev/null']",
        *(["repositories: {api: ../api}"] if len(shape.repositories) > 1 else []),
    ]
    head = "\n".join(front)
    return f"---\n{head}\n---\n# Chaos\n\n" + "\n".join(_section(shape, part) for part in shape.parts)


def _section(shape: Shape, part: Part) -> str:
    number, ledger = part.number, shape.ledger
    after = ", ".join(f"Task {one}" for one in part.after)
    head = ["Repo: api"] * part.elsewhere + [f"Depends on: {after}"] * bool(after)
    block = [
        f'echo "begin {number} $ORCH_ATTEMPT" >> {ledger}',
        f"{part.beside} sleep {60 + number}.{shape.trace} > /dev/null 2>&1 &" if part.beside else "true",
        f"sleep {part.seconds}",
        f'echo "$ORCH_ATTEMPT" > {part.file}',
        "git add -A; git commit -qm 'by its own hand'" if part.commits else "true",
        f'echo "end {number} $ORCH_ATTEMPT" >> {ledger}',
    ]
    return "\n".join([f"## Task {number}: Part {number}", *head, "", "```bash", *block, "```", ""])


def git(at: Path, *arguments: str, check: bool = True) -> str:
    """What git says."""
    done = subprocess.run(["git", *arguments], cwd=at, capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise AssertionError(f"git {' '.join(arguments)} in {at}: {done.stderr}")
    return done.stdout
