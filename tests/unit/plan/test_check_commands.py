"""Which words of a plan are commands that check a section, and that they stay as they were written."""

from __future__ import annotations

import pytest

from orch_tui.plan.hints import read_hints


def verify(text: str) -> tuple[str, ...]:
    return read_hints(text.split("\n")).verify


@pytest.mark.parametrize(
    "command",
    [
        "make test",
        "printf 'a b a' | python3 -m tally | grep -x 'a  2'",
        "[ -s out.txt ]",
        "! grep -rn TODO src",
        "my-own-checker --all",
        "MODE=ci npm test",
        "false",
        "ls src/*",
        "python3 -c " + "x" * 400,
    ],
)
def test_a_field_that_is_a_command_is_taken_sign_for_sign(command: str) -> None:
    assert verify(f"Verify: `{command}`") == (command,)


@pytest.mark.parametrize(
    "words",
    [
        "make sure the tests pass",
        "test that a login works",
        "go through the list",
        "cat pictures are shown to everyone",
        "grep 检索，确认相关文档",
        "`models.py`",
        "`ready()` returns `true`",
    ],
)
def test_a_sentence_that_begins_like_a_command_is_none(words: str) -> None:
    assert verify(f"Verify: {words}") == ()


def test_commands_without_marks_of_code_are_taken_where_no_word_of_a_sentence_is_among_them() -> None:
    assert verify("Verify: npm test") == ("npm test",)
    assert verify("Verify: pytest -q tests/test_a.py") == ("pytest -q tests/test_a.py",)


@pytest.mark.parametrize(
    "words",
    [
        "Acceptance: a user can run `docker compose up` and see both",
        "- [ ] Run `npm start`",
        "- [ ] Run `git commit -m done`",
        "Verify: `python3 -m http.server &`",
        "Verify: `npm run dev`",
    ],
)
def test_what_never_ends_or_is_work_itself_checks_nothing(words: str) -> None:
    assert verify(words) == ()


def test_a_block_of_single_commands_is_one_check_each() -> None:
    assert verify("**Verification**:\n```bash\n# all\nmake lint\nmake test\n```") == ("make lint", "make test")


def test_a_block_whose_lines_belong_together_is_one_check() -> None:
    block = "cd app\nnpm test"
    assert verify(f"**Verification**:\n```bash\n{block}\n```") == (block,)
    block = "for n in 1 2; do\n  test -s $n.txt\ndone"
    assert verify(f"**Verification**:\n```sh\n{block}\n```") == (block,)


def test_of_a_session_only_what_was_typed_is_run() -> None:
    assert verify("**Verification**:\n```console\n$ make test\nall passed\n```") == ("make test",)
