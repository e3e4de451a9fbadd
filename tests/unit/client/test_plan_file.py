"""A plan file that cannot be one is refused before it is read, by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from orch_tui.client.plan_file import PLAN_LIMIT, read_bytes, text_of
from orch_tui.errors import PlanError


def test_a_file_of_more_bytes_than_any_plan_is_not_read(tmp_path: Path):
    path = tmp_path / "disk.img"
    with path.open("wb") as file:
        file.truncate(PLAN_LIMIT + 1)
    with pytest.raises(PlanError, match=r"'.*disk\.img' is larger than 32 MB"):
        read_bytes(path)


def test_what_is_no_text_is_refused_by_its_name(tmp_path: Path):
    path = tmp_path / "photo.md"
    with pytest.raises(PlanError, match=r"'.*photo\.md': "):
        text_of(path, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
