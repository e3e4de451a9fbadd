"""Which tool calls reach out of a worktree into the user's own checkout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orch_tui.engine.outside import reached

ROOT, TREE = Path("/home/me/project"), Path("/home/me/project/.state/A/1")


def called(tmp_path: Path, given: str) -> str:
    records = [
        {"n": 1, "t": 1.0, "kind": "text", "text": "I leave /home/me/project/a alone.\n"},
        {"n": 2, "t": 1.0, "kind": "tool", "name": "Write", "input": given, "id": "x"},
    ]
    (tmp_path / "transcript.jsonl").write_text(
        "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in records)
    )
    return reached(tmp_path / "transcript.jsonl", ROOT, TREE)


@pytest.mark.parametrize(
    "given", ["/home/me/project/a.py", "cd /home/me/project && make", "touch '/home/me/project'/x"]
)
def test_what_names_the_checkout_reaches_there(tmp_path: Path, given: str):
    assert called(tmp_path, given) == f"Write: {given}"


@pytest.mark.parametrize(
    "given", ["a.py", "/home/me/project/.state/A/1/a.py", "/home/me/project-2/a.py", "/mnt/home/me/project/a.py", ""]
)
def test_what_names_the_worktree_or_another_place_does_not(tmp_path: Path, given: str):
    assert called(tmp_path, given) == ""


def test_a_transcript_that_is_not_there_shows_nothing(tmp_path: Path):
    assert reached(tmp_path / "none", ROOT, TREE) == ""
