"""What is said of commands that have no answer yet."""

from __future__ import annotations

from orch_tui.cockpit.outcomes import Sent, unanswered


def late(op: str, *, alive: bool = True) -> str:
    return unanswered({"one": Sent(op=op, section="", at=100.0)}, 112.0, alive=alive)


def test_a_plan_that_takes_long_to_read_again_is_no_runner_that_does_not_answer():
    assert late("revise") == "the plan is being read again, for 12 s so far"


def test_any_other_command_should_have_been_answered():
    assert late("pause") == "the runner is alive but has not answered (pause) for 12 s"
    assert late("revise", alive=False).startswith("no runner answers (revise)")


def test_a_moment_is_not_late():
    assert unanswered({"one": Sent(op="pause", section="", at=100.0)}, 101.0, alive=True) == ""
