"""Commands that settings deny, as agents write them."""

import pytest

from orch_tui.agents.denied import denied


@pytest.mark.parametrize(
    "command",
    [
        "git push",
        "git  push origin main",
        "cd x && git push",
        "sudo git push",
        "GIT_DIR=x git push",
        "echo $(git push)",
        "true; git\\\n push",
        'bash -c "git push"',
        "(git push)",
        "ls | xargs git push",
    ],
)
def test_a_pattern_is_found_from_any_word_of_a_command_on(command: str):
    assert denied(command, ("rm *", "git push")) == "git push"


@pytest.mark.parametrize("command", ["git pull", "git pushes", "echo git; push", "rmdir x", ""])
def test_other_commands_are_let_through(command: str):
    assert denied(command, ("rm *", "git push")) == ""


def test_stars_stand_for_anything():
    assert denied("git -C sub push", ("git*push",)) == "git*push"
    assert denied("rm -r -f x", ("rm -r*",)) == "rm -r*"
    assert denied("anything", ("*",)) == "*"
