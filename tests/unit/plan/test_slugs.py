"""Slugs: safe for files and branches whatever the plan calls its sections."""

import re

from hypothesis import given
from hypothesis import strategies as st

from orch_tui.plan.slugs import slugs

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def test_ordinary_ids_stay_as_they_are() -> None:
    assert slugs([("A", ""), ("2.1", ""), ("15~2", ""), ("T012", ""), ("Überblick", "")]) == [
        "A", "2-1", "15-2", "T012", "Uberblick",
    ]  # fmt: skip


def test_hostile_ids_become_harmless() -> None:
    hostile = ["../../etc/passwd", "-rf", ".git", "🚀", "a\nb", "x" * 300, "CON", "HEAD", "", "..", "a.lock"]
    out = slugs((name, "") for name in hostile)
    assert all(SAFE.fullmatch(slug) for slug in out)
    assert not {slug.lower() for slug in out} & {"git", "con", "head", "rf-"}
    assert out[:3] == ["etc-passwd", "rf", "s-git"]


def test_ids_that_differ_only_in_case_get_different_slugs() -> None:
    assert slugs([("a", ""), ("A", ""), ("a-2", "")]) == ["a", "A-2", "a-2-2"]


@given(st.lists(st.tuples(st.text(max_size=90), st.text(max_size=9)), max_size=40))
def test_slugs_are_safe_and_unique(names: list[tuple[str, str]]) -> None:
    out = slugs(names)
    assert len(out) == len(names)
    assert all(SAFE.fullmatch(slug) for slug in out)
    assert len({slug.lower() for slug in out}) == len(out)
