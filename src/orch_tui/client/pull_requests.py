"""A whole run as one pull request: its integration branch is pushed by the user's own git, and the forge asked."""

from __future__ import annotations

import os

from orch_tui import config, git
from orch_tui.errors import UserError
from orch_tui.forge.commands import Forge, missing
from orch_tui.forge_settings import ForgeSettings
from orch_tui.git.landing import Landing
from orch_tui.git.repo import Repo


def look(repo: Repo, branch: str) -> Landing:
    """What a pull request of `branch` would bring to its base, as that is at the remote now. Changes nothing but that.

    Raises UserError with what is in the way, GitError, ConfigError, MachineError.
    """
    return git.landing.outgoing(repo, branch, _forge(repo, branch).fetch())


def request(repo: Repo, found: Landing, message: str) -> str:
    """Push exactly what was looked at, and make its pull request where none is open; returns which, in words.

    Raises UserError, with what a hook said, GitError, ConfigError, MachineError.
    """
    if git.repo.commit_of(repo, f"refs/heads/{found.branch}") != found.tip:
        raise UserError(f"{found.branch!r} moved since this was shown", hint="look at it again")
    forge = _forge(repo, found.branch)
    forge.publish_as_the_user()
    title, _, body = message.partition("\n")
    made = forge.open(title, body.strip(), anew=True)
    return f"pull request {made.number} is open: {made.url}"


def _forge(repo: Repo, branch: str) -> Forge:
    settings: ForgeSettings = config.load(repo.root).forge
    if lacking := missing(settings, os.environ, repo.root):
        raise UserError(lacking)
    return Forge(settings, repo.root, branch)
