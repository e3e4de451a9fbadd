"""What there are only so many of, and what sections claim."""

from __future__ import annotations

import pytest

from orch_tui.counted import Resource, claims, counted
from orch_tui.errors import ConfigError

THERE = {"gpu": Resource(count=2), "database": Resource(sections=("*migration*",))}


def test_a_number_or_a_number_with_the_sections_that_claim_one():
    assert counted({}, {"gpu": 2, "database": {"sections": ["*migration*"]}}) == THERE
    assert counted(THERE, {"gpu": 1})["gpu"].count == 1
    assert counted(THERE, {"gpu": 1})["database"] == THERE["database"]


@pytest.mark.parametrize("said", [["gpu"], {"gpu": 0}, {"gpu": True}, {"gpu": {"much": 1}}, {"g p u": 1}, {"gpu": "x"}])
def test_what_means_nothing_is_refused(said: object):
    with pytest.raises(ConfigError):
        counted({}, said)


def test_claims_are_names_with_a_number_or_without():
    assert claims(THERE, ["GPU x2"], ["A"]).amounts == {"gpu": 2}
    assert claims(THERE, ["gpu (2)", "database"], ["A"]).amounts == {"gpu": 2, "database": 1}


def test_a_section_claims_by_its_id_or_title_too():
    assert claims(THERE, [], ["A", "Data Migration of users"]).amounts == {"database": 1}


def test_what_nobody_counts_and_more_than_there_is_are_told():
    found = claims(THERE, ["printer", "gpu x9"], ["A"])
    assert (found.unknown, found.too_many) == (("printer",), ("9 of 2 gpu",))
    assert found.amounts == {"gpu": 2}, "else it would wait for ever"
