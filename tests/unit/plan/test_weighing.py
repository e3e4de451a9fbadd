"""What sections weigh beside each other, by the plan's words for how much work they are."""

import pytest

from orch_tui.plan.weighing import weights


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("2 days", 960),
        ("3h", 180),
        ("~4 Tage", 1920),
        ("1-2 days", 720),
        ("30 min", 30),
        ("1,5 Std", 90),
        ("1 week", 2400),
    ],
)
def test_times_are_compared_in_minutes(words: str, minutes: int):
    assert weights({"A": words, "B": "1h"}) == {"A": minutes, "B": 60}


def test_points_and_sizes_are_compared_among_themselves():
    assert weights({"A": "5 points", "B": "3/5", "C": "8"}) == {"A": 50, "B": 30, "C": 80}
    assert weights({"A": "S", "B": "XL", "C": "Medium"}) == {"A": 20, "B": 80, "C": 30}


def test_who_has_no_estimate_of_the_usual_kind_is_as_the_middle_one():
    assert weights({"A": "1h", "B": "3h", "C": "9h", "D": "", "E": "5 points"}) == {
        "A": 60,
        "B": 180,
        "C": 540,
        "D": 180,
        "E": 180,
    }


@pytest.mark.parametrize("estimates", [{"A": "", "B": ""}, {"A": "2 days", "B": "", "C": ""}, {"A": "hard", "B": "?"}])
def test_where_hardly_anything_is_estimated_all_weigh_the_same(estimates: dict[str, str]):
    assert set(weights(estimates).values()) == {1}
