"""Every built-in provider passes the suite that other people's providers are given."""

from __future__ import annotations

from pathlib import Path

import pytest
from provider_subjects import PROVIDERS, SUBJECTS

from orch_tui.testing.conformance import Check, applicable

CASES = [
    pytest.param(name, check, id=f"{name}-{check.name}")
    for name, provider in PROVIDERS.items()
    for check in applicable(provider)
]


@pytest.mark.parametrize(("name", "check"), CASES)
async def test_provider_conforms(name: str, check: Check, tmp_path: Path):
    await check.run(SUBJECTS[name](tmp_path))
