"""A disk without room below worktrees or repository: said with what would help; then the same step succeeds."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from orch_tui import git

OWN_DISK = 'mount -t tmpfs -o size=6m,mode=700 none "$1" && shift && exec "$@"'
STORY = """
import contextlib, os, shutil, sys
from pathlib import Path
from orch_tui import git
from orch_tui.errors import GitError

place, top, which = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

def fill(leave):
    with (place / "ballast").open("wb") as file, contextlib.suppress(OSError):
        while True:
            os.write(file.fileno(), b"x" * 4096)
    os.truncate(place / "ballast", (place / "ballast").stat().st_size - leave)

def refused(act):
    try:
        act()
    except GitError as error:
        assert error.hint == "make room on the disk, then retry", error.line()
    else:
        raise AssertionError("there was room")

if which == "repository":
    top = Path(shutil.copytree(top, place / "repository"))
repo = git.repo.find(top)
base = git.repo.ensure_integration(repo, "r1")
path = git.worktrees.worktree_root(repo, "r1") / "B" / "1"
add = lambda: git.worktrees.add_worktree(repo, branch="orch-work/r1/B/1", base=base, path=path)
if which == "worktrees":
    fill(leave=100_000)
    refused(add)
    (place / "ballast").unlink()
add()
assert (path / "large").stat().st_size == 1_000_000
(path / "new").write_bytes(os.urandom(1_000_000))
if which == "repository":
    fill(leave=100_000)
    commit = lambda: git.work.commit_all(path, "B", base=base)
    refused(commit)
    (place / "ballast").unlink()
work = git.work.commit_all(path, "B", base=base)
assert work.files == ("new",), work
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a small disk of one's own is Linux's")
@pytest.mark.parametrize("which", ["worktrees", "repository"])
def test_a_full_disk_is_told_with_what_would_help_and_after_that_the_same_step_succeeds(repo, top, tmp_path, sh, which):
    (top / "large").write_bytes(os.urandom(1_000_000))
    sh("add", ".")
    sh("commit", "-m", "Large")
    place = tmp_path / ("state" if which == "worktrees" else "small")
    place.mkdir(exist_ok=True)
    own = ["unshare", *(["--map-root-user"] if os.geteuid() else []), "--mount", "sh", "-c"]
    if subprocess.run([*own, OWN_DISK, "sh", str(place), "true"], check=False, capture_output=True).returncode:
        pytest.skip("neither root nor a name space of one's own is to be had here")
    story = [sys.executable, "-c", STORY, str(place), str(top), which]
    done = subprocess.run([*own, OWN_DISK, "sh", str(place), *story], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert git.repo.find(top) is not None
