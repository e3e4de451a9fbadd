"""What the processes of an attempt may take of the disk."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from orch_tui.host.limits import Scratch, taken

TRIED = """
import resource, subprocess, sys
from orch_tui.host.limits import limit_processes
limit_processes(1 << 20)
limit_processes(1 << 30)  # a limit is never raised
wrote = subprocess.run(["sh", "-c", "head -c 2000000 /dev/zero > large; ulimit -c"], capture_output=True, text=True)
print(wrote.stdout.strip(), resource.getrlimit(resource.RLIMIT_FSIZE))
"""


def test_no_larger_file_is_written_and_no_core_left_by_whatever_is_started(tmp_path: Path):
    done = subprocess.run([sys.executable, "-c", TRIED], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"0 {(1 << 20, 1 << 20)}"
    assert (tmp_path / "large").stat().st_size == 1 << 20


def test_without_a_limit_files_are_as_large_as_before(tmp_path: Path):
    told = TRIED.replace("1 << 20", "0").replace("limit_processes(1 << 30)", "pass")
    subprocess.run([sys.executable, "-c", told], cwd=tmp_path, capture_output=True, text=True, check=True)
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    assert (tmp_path / "large").stat().st_size == 2_000_000 or most >= 0


def test_private_files_are_counted_without_following_links(tmp_path: Path):
    (tmp_path / "scratch" / "deep").mkdir(parents=True)
    (tmp_path / "other").write_bytes(bytes(10_000_000))
    before = taken(tmp_path / "scratch")
    (tmp_path / "scratch" / "deep" / "file").write_bytes(b"x" * 100_000)
    (tmp_path / "scratch" / "link").symlink_to(tmp_path / "other")
    (tmp_path / "scratch" / "up").symlink_to(tmp_path)
    assert 100_000 <= taken(tmp_path / "scratch") - before < 200_000
    assert taken(tmp_path / "gone") == 0


def test_growing_private_files_are_told_once_and_end_the_agent_at_their_limit():
    scratch = Scratch(Path("/scratch"), 10 << 20)
    assert scratch.judge(4 << 20) == ("", False)
    assert scratch.judge(6 << 20) == ("its private files take 6.0 MiB; it is ended at 10 MiB", False)
    assert scratch.judge(7 << 20) == ("", False)
    assert scratch.judge(11 << 20) == ("its private files take 11 MiB, and 10 MiB are allowed", True)
