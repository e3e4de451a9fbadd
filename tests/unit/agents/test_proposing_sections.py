"""What an agent may say when it proposes a section, and what it is told when it may not."""

from __future__ import annotations

import pytest

from orch_tui.agents.proposing import NotAProposal, read

GOOD = {"title": "Limits", "text": "Say what is refused.", "why": "nobody does"}


def test_a_proposal_is_cleaned_and_whole():
    found = read(
        {**GOOD, "title": "Li\x1b[31mmits\n", "text": "One\n\n\u202etwo", "after": ["A", "A", " "], "files": None}
    )
    assert found.title == "Limits"
    assert found.text == "One\n\ntwo"
    assert (found.after, found.files) == (("A",), ())


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("a section", "an object"),
        ({**GOOD, "title": ""}, "title says nothing"),
        ({"title": "T", "text": "t"}, "why says nothing"),
        ({**GOOD, "text": "x" * 10_001}, "text has 10001 characters, 10000 at most"),
        ({**GOOD, "text": 7}, "text is a text, not 7"),
        ({**GOOD, "after": "A"}, "after is a list, not 'A'"),
        ({**GOOD, "verify": ["x"] * 21}, "verify has 21 entries, 20 at most"),
        ({**GOOD, "verify": ["make a\nmake b"]}, "a command that is not one line, or has tabs: 'make a make b'"),
        ({**GOOD, "verify": ["make\tall"]}, "has tabs: 'make all'"),
        ({**GOOD, "files": [["f"]]}, "files is a text"),
        ({**GOOD, "budget": 3}, "there is no field 'budget'"),
        ({**GOOD, "text": "\U0001f600" * 9_000}, "too long as a whole"),
    ],
)
def test_what_is_wrong_is_said(given: object, words: str):
    with pytest.raises(NotAProposal, match=words):
        read(given)


def test_a_command_keeps_its_spaces():
    assert read({**GOOD, "verify": [" grep -q 'a  b' f\n"]}).verify == ("grep -q 'a  b' f",)
