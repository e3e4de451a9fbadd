"""Records of a transcript as events: what a host says is read anew, and nothing in it is trusted."""

from __future__ import annotations

from orch_tui.core.attempt_events import NoticeRaised, SectionProposed, TokensCounted
from orch_tui.engine.reports import told
from orch_tui.executors.base import Said

FIELDS = {"title": "Li\x1b[1mmits", "text": "Say.", "why": "so", "after": ["A"], "spill": "x"}


def event(**fields: object):
    return told("A", "run/A/1", 1, Said(n=4, kind="proposed", fields={**FIELDS, **fields}))


def test_a_proposed_section_is_cleaned_and_has_the_record_it_was_read_from():
    proposed = event()
    assert isinstance(proposed, SectionProposed)
    assert (proposed.n, proposed.title, proposed.after, proposed.agent) == (4, "Limits", ("A",), "")


def test_what_is_no_section_is_a_notice_with_the_reason():
    notice = event(text="x" * 20_000)
    assert isinstance(notice, NoticeRaised)
    assert notice.text == "proposed a section that is none: text has 20000 characters, 10000 at most"


def test_what_a_service_counted_is_an_event_that_divides_by_no_zero():
    fields = {"model": "opus", "size": 900, "tokens": 0}
    counted = told("A", "run/A/1", 1, Said(n=2, kind="counted", fields=fields))
    assert counted == TokensCounted(section="A", attempt=1, n=2, model="opus", size=900, tokens=1)
