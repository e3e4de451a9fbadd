"""A stand-in for gh with a bare repository for a forge: what is used of `gh pr`, `gh api` and `gh auth`, with its JSON.

`StandIn` is held by a test, which reviews and lets checks pass, and its `program` is put on PATH. git does the merging.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path
from typing import Any

from orch_tui.git.command import git, identity, text

_FIELDS = frozenset({"number", "url", "state", "headRefOid", "mergeable", "statusCheckRollup"})


class StandIn:
    """A forge: its state in one file, its repository, and the program that speaks for it."""

    def __init__(self, folder: Path, *, name: str = "gh") -> None:
        self.repository = folder / "forge.git"
        self.program = folder / "bin" / name
        self._file = folder / "forge.json"
        self.program.parent.mkdir(parents=True, exist_ok=True)
        git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(self.repository))
        own = shlex.join([sys.executable, "-P", "-m", "orch_tui.testing.forge_stand_in", str(folder)])
        self.program.write_text(f'#!/bin/sh\nexec {own} "$@"\n')
        self.program.chmod(0o755)
        self.save({"logged_in": True, "pulls": [], "reviews": [], "comments": [], "checks": []})

    @classmethod
    def at(cls, folder: Path) -> StandIn:
        """The one that was made in this folder."""
        made = cls.__new__(cls)
        made.repository, made._file = folder / "forge.git", folder / "forge.json"
        return made

    def load(self) -> dict[str, Any]:
        """All there is."""
        return json.loads(self._file.read_text())

    def save(self, state: dict[str, Any]) -> None:
        """Replace all there is."""
        new = self._file.with_suffix(f".{os.getpid()}")
        new.write_text(json.dumps(state))
        new.replace(self._file)

    def log_out(self) -> None:
        """Nobody is logged in any more."""
        self.save({**self.load(), "logged_in": False})

    @property
    def pull(self) -> dict[str, Any]:
        """The first pull request, {} while there is none."""
        pulls: list[dict[str, Any]] = self.load()["pulls"]
        return pulls[0] if pulls else {}

    def head(self) -> str:
        """The commit the first pull request stands at, "" while there is none."""
        return _tip(self.repository, self.pull["branch"]) if self.pull else ""

    def review(self, by: str, state: str, body: str = "", *, path: str = "", line: int = 0, remark: str = "") -> None:
        """Somebody reviews the head of the first pull request, with a remark on a line or without."""
        all_, head = self.load(), self.head()
        number = len(all_["reviews"]) + 1
        user = {"login": by}
        all_["reviews"].append({"id": number, "user": user, "state": state, "body": body, "commit_id": head})
        if remark:
            at = {"path": path, "line": line, "original_line": line, "commit_id": head, "original_commit_id": head}
            all_["comments"].append({"user": user, "body": remark, "pull_request_review_id": number, **at})
        self.save(all_)

    def check(self, name: str, conclusion: str) -> None:
        """A check of the head is over, or under way ("")."""
        all_ = self.load()
        status = "COMPLETED" if conclusion else "IN_PROGRESS"
        row = {"__typename": "CheckRun", "name": name, "status": status, "conclusion": conclusion}
        all_["checks"] = [one for one in all_["checks"] if one["name"] != name]
        all_["checks"].append({**row, "detailsUrl": f"https://forge.example/checks/{name}"})
        self.save(all_)

    def close(self) -> None:
        """The first pull request is closed without being merged."""
        all_ = self.load()
        all_["pulls"][0]["state"] = "CLOSED"
        self.save(all_)


def main() -> int:
    """The program; exit code 1 with words where gh has one too."""
    forge, (what, *rest) = StandIn.at(Path(sys.argv[1])), sys.argv[2:]
    flags = dict(word[2:].split("=", 1) for word in rest if word.startswith("--") and "=" in word)
    words = [word for word in rest if not word.startswith("--")]
    match [what, *words]:
        case ["auth", "status"]:
            return 0 if forge.load()["logged_in"] else _fail("You are not logged into any GitHub hosts.")
        case ["pr", "create"]:
            return _create(forge, flags)
        case ["pr", "view", branch]:
            return _view(forge, branch, flags["json"].split(","))
        case ["pr", "merge", number]:
            return _merge(forge, int(number), flags["match-head-commit"], squash="--squash" in rest)
        case ["api", path]:
            kind = path.partition("?")[0].rpartition("/")[2]
            return _say(json.dumps(forge.load()[kind]))
        case _:
            return _fail(f"unknown command {[what, *words]!r}")


def _create(forge: StandIn, flags: dict[str, str]) -> int:
    all_, branch = forge.load(), flags["head"]
    if not _tip(forge.repository, branch):
        return _fail(f"pull request create failed: Head ref must be a branch ({branch})")
    if any(one["branch"] == branch and one["state"] == "OPEN" for one in all_["pulls"]):
        return _fail(f'a pull request for branch "{branch}" into branch "{flags["base"]}" already exists')
    number = len(all_["pulls"]) + 1
    own = {"branch": branch, "base": flags["base"], "title": flags["title"], "body": flags["body"]}
    url = f"https://forge.example/pull/{number}"
    all_["pulls"].append({"number": number, "url": url, "state": "OPEN", **own})
    forge.save(all_)
    return _say(url)


def _view(forge: StandIn, branch: str, fields: list[str]) -> int:
    all_ = forge.load()
    if strange := set(fields) - _FIELDS:
        return _fail(f"Unknown JSON field: {strange.pop()!r}")
    found = next((one for one in reversed(all_["pulls"]) if one["branch"] == branch), None)
    if found is None:
        return _fail(f'no pull requests found for branch "{branch}"')
    head = found.get("head") or _tip(forge.repository, branch)
    apart = git(forge.repository, "merge-tree", "--write-tree", found["base"], head, allow=(0, 1)).code
    mergeable = "CONFLICTING" if apart else "MERGEABLE"
    whole = {**found, "headRefOid": head, "mergeable": mergeable, "statusCheckRollup": all_["checks"]}
    return _say(json.dumps({field: whole[field] for field in fields}))


def _merge(forge: StandIn, number: int, head: str, *, squash: bool) -> int:
    all_, at = forge.load(), forge.repository
    found = all_["pulls"][number - 1]
    base = f"refs/heads/{found['base']}"
    if _tip(at, found["branch"]) != head:
        return _fail("Head branch was modified. Review and try the merge again.")
    ours = text(at, "rev-parse", base)
    tree = text(at, "merge-tree", "--write-tree", ours, head)
    above = ("-p", ours) if squash else ("-p", ours, "-p", head)
    made = text(at, "commit-tree", *above, "-m", found["title"], tree, env=identity(at))
    git(at, "update-ref", base, made, ours)
    found["state"], found["head"] = "MERGED", head
    forge.save(all_)
    return 0


def _tip(at: Path, branch: str) -> str:
    return text(at, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")


def _say(words: str) -> int:
    sys.stdout.write(words + "\n")
    return 0


def _fail(words: str) -> int:
    sys.stderr.write(words + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
