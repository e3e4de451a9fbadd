"""The collector rests while much is built, and goes on afterwards."""

import gc

import pytest

from orch_tui.growing import growing
from orch_tui.plan.parsing import parse


def test_the_collector_goes_on_after_whatever_happens() -> None:
    with pytest.raises(ValueError, match="broken"), growing():
        raise ValueError("broken")
    assert gc.isenabled()
    parse("# P\n\n## Step 1: A\n\n## Step 2: B\n\nAfter step 1.\n")
    assert gc.isenabled()


def test_a_collector_that_rests_already_is_left_at_rest() -> None:
    with growing():
        with growing():
            pass
        assert not gc.isenabled()
