"""A plan, its graph and a request of it for the tests of the second reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from orch_tui.pipelines.told import Request
from orch_tui.testing.reviewing import PLAN, as_request


@pytest.fixture
def request_of(tmp_path: Path) -> Callable[..., Request]:
    """Makes requests; `prd` is the PRD's text."""

    def make(plan: str = PLAN, *, prd: str = "", **more: object) -> Request:
        return as_request(tmp_path, plan, prd, **more)

    return make
