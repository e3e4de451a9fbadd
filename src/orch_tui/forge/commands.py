"""The forge's own program, asked and told by the commands of the settings; and the remote, by git."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from orch_tui import process
from orch_tui.errors import GitError, MachineError, UserError
from orch_tui.flow.prompts import is_template, render
from orch_tui.forge import pull_request as pr
from orch_tui.forge.pull_request import PullRequest, Remark, Review
from orch_tui.forge_settings import ForgeSettings
from orch_tui.git.command import ANY, as_the_user, git, identity, text, words_of

_LONGEST = 300.0
_REMOTE = {"GIT_CONFIG_NOSYSTEM": "0"}
"""The system's settings may say how to log in to a remote."""


class Unusable(MachineError):
    """The forge's program is not installed, or nobody is logged in."""


def missing(settings: ForgeSettings, env: Mapping[str, str], at: Path, *, patience: float = 60.0) -> str:
    """ "" when the forge can be asked from the directory `at`, else one line: what is missing and what helps.

    `patience` are the seconds that its program has to say whether somebody is logged in.
    """
    program = settings.command
    if not shutil.which(program, path=env.get("PATH")):
        hint = "install it, or name another one as 'forge.command' in the settings"
        return f"{program!r}, which makes pull requests, is not installed: {hint}"
    if not settings.auth:
        return ""
    try:
        asked = process.run(
            _filled(settings.auth, {"command": program}, "auth"), cwd=at, env=dict(env), timeout=patience
        )
    except MachineError as error:
        return f"{program!r}, which makes pull requests, does not answer: {error}"
    if asked.code:
        return f"{program!r}, which makes pull requests, is not logged in: run `{program} auth login`"
    return ""


class Forge:
    """One branch and its pull request; `tree` is a checkout of the repository: of a section its worktree."""

    def __init__(self, settings: ForgeSettings, tree: Path, branch: str) -> None:
        self._settings = settings
        self._tree = tree
        self._branch = branch

    def publish(self) -> None:
        """Bring the branch to the remote. Raises GitError."""
        ref = f"refs/heads/{self._branch}"
        git(self._tree, "push", "--quiet", self._settings.remote, f"{ref}:{ref}", env=_REMOTE)

    def publish_as_the_user(self) -> None:
        """Bring the branch to the remote as the user would, whose hooks see it. Raises UserError with their words."""
        ref = f"refs/heads/{self._branch}"
        done = as_the_user(self._tree, "push", "--quiet", self._settings.remote, f"{ref}:{ref}")
        if done.code:
            raise UserError(f"{self._branch!r} was not pushed: {words_of(done)}")

    def open(self, title: str, body: str, *, anew: bool = False) -> PullRequest:
        """The pull request of the branch, made when there is none; `anew`: also when an earlier one is not open any
        more. Raises MachineError."""
        try:
            found = self.view()
            if not anew or found.state == "OPEN":
                return found
        except MachineError:
            pass
        self._run("create", title=title, body=body, base=self.base())
        return self.view()

    def view(self) -> PullRequest:
        """The branch's pull request. Raises MachineError, also when there is none."""
        return pr.read_view(self._run("view"))

    def reviews(self, of: PullRequest) -> tuple[Review, ...]:
        """Its reviews, the first one first. Raises MachineError."""
        return pr.read_reviews(self._run("reviews", number=str(of.number)))

    def remarks(self, of: PullRequest) -> tuple[Remark, ...]:
        """What reviews say of single lines. Raises MachineError."""
        return pr.read_remarks(self._run("comments", number=str(of.number)))

    def merge(self, of: PullRequest) -> None:
        """Merge it as it was seen; the forge refuses when it has moved since. Raises MachineError."""
        self._run("merge", number=str(of.number), head=of.head)

    def fetch(self) -> str:
        """The name by which the base is known here, as it is now. Raises GitError."""
        base, remote = self.base(), self._settings.remote
        name = f"{remote}/{base}"
        git(self._tree, "fetch", "--quiet", "--no-tags", remote, f"+refs/heads/{base}:refs/remotes/{name}", env=_REMOTE)
        return name

    def clean_up(self) -> None:
        """Take what was merged into the branch, so that what follows builds on it, and remove the remote's branch.

        Raises GitError.
        """
        name = self.fetch()
        try:
            git(self._tree, "merge", "--quiet", "--no-edit", f"refs/remotes/{name}", env=identity(self._tree))
        except GitError:
            git(self._tree, "merge", "--abort", allow=(0, 128))
            raise
        gone = f":refs/heads/{self._branch}"  # many forges remove it by themselves
        git(self._tree, "push", "--quiet", self._settings.remote, gone, env=_REMOTE, allow=ANY)

    def base(self) -> str:
        """The branch that pull requests go into: the one of the settings, else the remote's own. Raises GitError."""
        if self._settings.base:
            return self._settings.base
        for line in text(self._tree, "ls-remote", "--symref", self._settings.remote, "HEAD", env=_REMOTE).splitlines():
            if line.startswith("ref: refs/heads/"):
                return line.split("\t")[0].removeprefix("ref: refs/heads/")
        raise GitError(
            f"the remote {self._settings.remote!r} has no branch of its own", hint="set 'forge.base' in the settings"
        )

    def _run(self, what: str, **more: str) -> str:
        """What a command of the settings prints. Raises MachineError with what it said when it fails."""
        argv: tuple[str, ...] = getattr(self._settings, what)
        values = {"command": self._settings.command, "branch": self._branch, **more}
        done = process.run(_filled(argv, values, what), cwd=self._tree, timeout=_LONGEST)
        if done.code:
            lines = (done.err.strip() or done.out.strip()).decode(errors="replace").splitlines()
            words = "; ".join(lines[:3]) or f"exit code {done.code}"
            raise MachineError(f"{self._settings.command} ({what}): {words}")
        return done.out.decode(errors="replace")


def _filled(argv: tuple[str, ...], values: Mapping[str, str], what: str) -> list[str]:
    return [render(one, values, name=f"'forge.{what}'") if is_template(one) else one for one in argv]
