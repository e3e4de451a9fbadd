"""Long runs of one sign or word, wherever a plan may hold them: reading ends at once, and takes no stack."""

import pytest

from orch_tui.plan.parsing import parse

PLACES = {
    "a title": "# P\n\n## Step 1: {}\n\nx\n\n## Step 2: b\n\nAfter Step 1.\n",
    "a sentence": "# P\n\n## Step 1: a\n\nThis starts after {} y\n\n## Step 2: b\n\nAfter Step 1.\n",
    "a field": "# P\n\n## Step 1: a\n\nDepends on: {} y\n\n## Step 2: b\n\nAfter Step 1.\n",
    "an item": "# P\n\n## Tasks\n\n- [ ] 1. {}\n- [ ] 2. b (after 1)\n",
    "a further line": "# P\n\n## Tasks\n\n- [ ] 1. a\n  {}\n- [ ] 2. b (after 1)\n",
    "a task": "# Tasks: F\n\n## Phase 1: Setup\n\n- [ ] T001 {} a\n- [ ] T002 b\n\n## Dependencies\n\n- {} y\n",
    "a block": "# P\n\n## Step 1: a\n\n{}\n\n## Step 2: b\n\nAfter Step 1.\n",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("place", "run"),
    [
        ("a title", "x" + " " * 100_000 + "y"),
        ("a sentence", "all " * 5_000),
        ("a field", "all " * 5_000),
        ("a field", "1" * 100_000),
        ("an item", "[P] " * 20_000),
        ("an item", "a " + "** " * 150_000 + "y"),
        ("a further line", "x" * 100_000),
        ("a further line", "x (y) " * 20_000),
        ("a further line", "\n  x" * 20_000),
        ("a further line", "__x *y: " * 10_000),
        ("a task", "@" * 8_000),
        ("a task", "before " * 1_000),
        ("a task", "the " * 1_000),
        ("a task", "[P] " * 1_000),
        ("a block", "```x\n" * 20_000 + "```"),
        ("a block", "A → B, " * 40_000),
        ("a block", ") → 1\n" * 20_000),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_long_runs_do_no_harm(place: str, run: str) -> None:
    plan = parse(PLACES[place].replace("{}", run))
    assert len(plan.sections) == 2
