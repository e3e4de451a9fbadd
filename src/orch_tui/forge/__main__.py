"""`python -m orch_tui.forge ACTION BRANCH`: one step of a pull request, in a section's worktree.

It ends with 0 when that is done (published, opened, approved, merged, cleaned up), 3 when changes are asked for, 4 when
a check failed, 5 when it was closed, 6 when the forge cannot be asked, 9 when it is not so far, 1 when it went wrong.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from orch_tui import config, process
from orch_tui.errors import ConfigError, OrchError
from orch_tui.forge import pull_request as pr
from orch_tui.forge.commands import Forge, missing
from orch_tui.forge.pull_request import PullRequest, Verdict
from orch_tui.store.layout import RunDir

_CODES: Mapping[Verdict, int] = {"approved": 0, "merged": 0, "changes": 3, "red": 4, "closed": 5, "wait": 9}
_UNUSABLE, _WRONG = 6, 1
_LOOKING = frozenset({"review", "merged"})


def main(argv: list[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="orch-forge", description="One step of a section's pull request.")
    parser.add_argument("action", choices=("publish", "open", "review", "merge", "merged", "clean-up"))
    parser.add_argument("branch")
    parser.add_argument("--title", default="")
    parser.add_argument("--body", default="")
    given = parser.parse_args(argv)
    tree = Path.cwd()
    try:
        settings = config.load(_root(tree)).forge
        if not given.branch:
            return _say("there is no branch to make a pull request of: sections work in place here", _UNUSABLE)
        if given.action in _LOOKING:  # for days, through a network that fails: only what cannot get better counts
            settings = replace(settings, auth=())
        if words := missing(settings, os.environ, tree):
            return _say(words, _UNUSABLE)
        return _do(Forge(settings, tree, given.branch), given.action, given.title, given.body)
    except ConfigError as error:
        return _say(error.line(), _UNUSABLE)
    except OrchError as error:
        return _say(error.line(), _WRONG)


def _do(forge: Forge, action: str, title: str, body: str) -> int:
    match action:
        case "publish":
            forge.publish()
            return _say("pushed", 0)
        case "clean-up":
            forge.clean_up()
            return _say("took over what was merged", 0)
        case "open":
            return _tell(forge.open(title, body), "is open", 0)
        case "review":
            return _review(forge)
        case "merge":
            of = forge.view()
            if of.state != "MERGED":
                forge.merge(of)
            return _tell(of, "is to be merged", 0)
        case _:
            of = forge.view()
            state: Verdict = "merged" if of.state == "MERGED" else "closed" if of.state == "CLOSED" else "wait"
            return _tell(of, "waits to be merged" if state == "wait" else f"is {state}", _CODES[state])


def _review(forge: Forge) -> int:
    of = forge.view()
    reviews = forge.reviews(of) if of.state == "OPEN" else ()
    found, why = pr.verdict(of, reviews)
    if found in {"changes", "red"}:
        if of.conflicts:
            sys.stdout.write(f"It conflicts with {forge.fetch()}: merge that into this branch, and resolve it.\n")
        for line in pr.what_to_see_to(of, reviews, forge.remarks(of)):
            sys.stdout.write(f"{line}\n")
    return _tell(of, why, _CODES[found])


def _tell(of: PullRequest, what: str, code: int) -> int:
    return _say(f"pull request {of.number} {what}: {of.url}", code)


def _say(words: str, code: int) -> int:
    sys.stdout.write(words + "\n")
    return code


def _root(tree: Path) -> Path:
    """The project whose settings count: that of the run, which is not the worktree."""
    run = os.environ.get(process.RUN_MARKER)
    return RunDir(Path(run)).root if run else tree


if __name__ == "__main__":
    sys.exit(main())
