"""Every path of the state directory, spelled once.

.orch/config.yaml, .orch/runs/<run>/{plan,journal,snapshot.json,watermark.json,status.json,progress.md,inbox,lock,
sections,artifacts,validations}.
Directories are 0700, files 0600; `private_dir` makes them so.
"""

from __future__ import annotations

import contextlib
import os
import shlex
from dataclasses import dataclass
from pathlib import Path

from orch_tui.errors import StateError
from orch_tui.store import system

STATE_DIR = ".orch"


@dataclass(frozen=True, slots=True)
class AttemptDir:
    """`sections/<slug>/<attempt>/`: everything about one attempt of one section."""

    path: Path

    @property
    def spec(self) -> Path:
        """What the session host was told (JSON)."""
        return self.path / "spec.json"

    @property
    def brief(self) -> Path:
        """The text the agent was given, byte for byte."""
        return self.path / "brief.md"

    @property
    def transcript(self) -> Path:
        """What the agent did, one JSON record a line."""
        return self.path / "transcript.jsonl"

    @property
    def index(self) -> Path:
        """8-byte little-endian offsets of the display lines in the transcript."""
        return self.path / "transcript.idx"

    @property
    def inbox(self) -> Path:
        """Controls for the host: steer, answer, pause, resume, end."""
        return self.path / "inbox"

    @property
    def bell(self) -> Path:
        """A named pipe: a byte in it says that the inbox has something new."""
        return self.path / "bell"

    @property
    def host(self) -> Path:
        """Who hosts it: {"pid", "start_time", "boot_id"}."""
        return self.path / "host.json"

    @property
    def exit(self) -> Path:
        """How the host ended; written last, atomically."""
        return self.path / "exit.json"

    @property
    def result(self) -> Path:
        """The agent's result: outcome, summary, cost."""
        return self.path / "result.json"

    @property
    def lock(self) -> Path:
        """Held by the host for life: "is it alive?" is "can I take this?"."""
        return self.path / "lock"

    @property
    def log(self) -> Path:
        """The host's own stderr."""
        return self.path / "host.log"

    @property
    def scratch(self) -> Path:
        """The provider's private directory."""
        return self.path / "scratch"

    def make(self) -> None:
        """Make it and its scratch; the inbox comes with the first control. Raises StateError as `private_dir` does.

        The run's own directory was checked when its runner began: looking at every directory up to the root again costs
        more than making these.
        """
        _make(self.path.parents[1], self.path.parent, self.path, self.scratch)

    def make_inbox(self) -> None:
        """Make the inbox, for whoever sends the first control. Raises StateError as `private_dir` does."""
        _make(self.inbox, self.inbox / "tmp", self.inbox / "new")


@dataclass(frozen=True, slots=True)
class RunDir:
    """`.orch/runs/<run>/`: the whole state of one run."""

    path: Path

    @property
    def name(self) -> str:
        """The run's name, also in branch names and commands."""
        return self.path.name

    @property
    def root(self) -> Path:
        """The project directory that holds `.orch`."""
        return self.path.parents[2]

    @property
    def journal(self) -> Path:
        """Directory of journal segments 000001.jsonl ..."""
        return self.path / "journal"

    @property
    def snapshot(self) -> Path:
        """Folded state at some record; disposable."""
        return self.path / "snapshot.json"

    @property
    def watermark(self) -> Path:
        """How far the journal was safe; without it nothing is lost, but less would be noticed."""
        return self.path / "watermark.json"

    @property
    def status(self) -> Path:
        """What `query` prints."""
        return self.path / "status.json"

    @property
    def progress(self) -> Path:
        """The run in Markdown for people."""
        return self.path / "progress.md"

    @property
    def inbox(self) -> Path:
        """Commands from anyone: tmp/ and new/."""
        return self.path / "inbox"

    @property
    def lock(self) -> Path:
        """Held by the runner for life."""
        return self.path / "lock"

    @property
    def log(self) -> Path:
        """The runner's own stderr."""
        return self.path / "runner.log"

    @property
    def reserve(self) -> Path:
        """Room that its runner keeps, for when the disk is full."""
        return self.path / "reserve"

    @property
    def artifacts(self) -> Path:
        """Large payloads by content."""
        return self.path / "artifacts"

    @property
    def plans(self) -> Path:
        """Every version of the plan this run has seen."""
        return self.path / "plan"

    def plan(self, sha256: str) -> Path:
        """The plan text with this hash."""
        return self.plans / f"{sha256}.md"

    def validation(self, number: int) -> Path:
        """The directory of one question to the second reader."""
        return self.path / "validations" / str(number)

    def attempt(self, slug: str, attempt: int) -> AttemptDir:
        """The directory of one attempt."""
        return AttemptDir(self.path / "sections" / slug / str(attempt))


def state_dir(root: Path) -> Path:
    """`.orch` of a project."""
    return root / STATE_DIR


def creating(root: Path) -> Path:
    """Held while a run is created, so that two who open a plan at once get one run."""
    return state_dir(root) / "creating.lock"


def machines(path: Path) -> Path | None:
    """For something in the state directory of a project: the file that names the machines which may run plans there."""
    at = next((here for here in (path, *path.parents) if here.name == STATE_DIR), None)
    return at / "machines" if at else None


def run_dir(root: Path, run: str) -> RunDir:
    """The directory of a run, whether it exists or not."""
    return RunDir(state_dir(root) / "runs" / run)


def runs(root: Path) -> list[RunDir]:
    """All runs of a project, the newest first (run names begin after their plan, so by modification of the journal)."""
    base = state_dir(root) / "runs"
    if not base.is_dir():
        return []
    found = [RunDir(path) for path in base.iterdir() if path.is_dir()]
    return sorted(found, key=lambda run: max(_changed(run.status), _changed(run.path)), reverse=True)


def find_root(start: Path) -> Path | None:
    """The nearest directory from `start` upwards that holds `.orch`, or None."""
    for path in (start, *start.parents):
        if (path / STATE_DIR).is_dir():
            return path
    return None


def private_dir(path: Path) -> Path:
    """Make `path`, and its missing parents, with mode 0700 and check that it is ours.

    Raises StateError when it belongs to somebody else, is a link, or cannot be made. From `.orch` on every directory is
    checked, and closed to others: a repository may come with a link of that name.
    """
    try:
        for directory in reversed((path, *path.parents)):
            inside = directory == path or STATE_DIR in directory.parts
            if inside:
                _refuse_link(directory)
            if not directory.exists():
                with contextlib.suppress(FileExistsError):
                    system.calls.mkdir(directory)
            elif inside:
                _check_ours(directory)
                if STATE_DIR not in path.relative_to(directory).parts and directory.stat().st_mode & 0o077:
                    directory.chmod(0o700)  # made by hand, or copied
    except OSError as error:
        raise _cannot_make(path, error) from error
    return path


def _make(*directories: Path) -> None:
    for directory in directories:
        try:
            system.calls.mkdir(directory)
        except FileExistsError:
            _refuse_link(directory)
            _check_ours(directory)
        except OSError as error:
            raise _cannot_make(directory, error) from error


def _cannot_make(path: Path, error: OSError) -> StateError:
    return StateError(
        f"cannot make the state directory {str(path)!r}: {error.strerror}",
        hint="check the rights and the free space",
    )


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise StateError(f"the state directory {str(path)!r} is a link", hint="replace it by a real directory")


def _check_ours(path: Path) -> None:
    if not path.is_dir():
        raise StateError(f"{str(path)!r} is not a directory", hint="move it out of the way")
    owner = path.stat().st_uid
    if owner != os.geteuid():
        raise StateError(
            f"the state directory {str(path)!r} belongs to another user (uid {owner})",
            hint=f"`sudo chown -R {os.geteuid()} {shlex.quote(str(path))}` makes it yours; or use your own checkout",
        )


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def mends_beside(plan: Path) -> Path:
    """The file beside a plan that carries its mends: `plan.orch.yaml` for `plan.md`."""
    return plan.with_suffix(".orch.yaml")
