"""When a session is taken for dead: told as a story of seconds, without waiting for any."""

from __future__ import annotations

from orch_tui.agents.base import Ask, AskClosed, Notice, SessionEvent, Started, Text, Tool, ToolResult
from orch_tui.host.clocks import Clocks, Watchdog

UP = Started(session_id="s", resumable=True)
PROGRAM = Started(session_id="s")


class Story:
    """A session and the time, in seconds since it was opened."""

    def __init__(self, *events: SessionEvent) -> None:
        self.now = 0.0
        self.used = 0.0
        self.dog = Watchdog(Clocks(), 0.0)
        self.hears(*events)

    def hears(self, *events: SessionEvent) -> None:
        for event in events:
            self.dog.hear(event, self.now)

    def after(self, seconds: float, *, working: float = 0.0) -> str:
        """The class of what is wrong after so many seconds, looked at each five; `working`: share of a processor."""
        until = self.now + seconds
        while self.now < until:
            self.now += 5
            self.used += 5 * working
            self.dog.hung_tool(self.now)
            if found := self.dog.judge(self.now, self.used):
                return found[0]
        return ""


def test_a_session_of_which_nothing_is_heard_for_a_minute_did_not_come_up():
    assert Story().after(60) == ""
    assert Story().after(65) == "startup"


def test_silence_of_ten_minutes_without_work_is_a_stall():
    assert Story(UP).after(600) == ""
    assert Story(UP).after(610) == "stall"


def test_every_word_begins_the_silence_anew():
    story = Story(UP)
    for _ in range(5):
        assert story.after(595) == ""
        story.hears(Text(text="still at it"))


def test_a_silent_session_whose_programs_work_is_none_until_they_stop():
    story = Story(UP)
    assert story.after(5000, working=0.5) == ""
    assert story.after(700) == "stall"


def test_a_trickle_of_work_is_none():
    assert Story(UP).after(700, working=0.001) == "stall"


def test_a_tool_may_be_silent_for_an_hour_and_is_told_to_end_before_its_session_is():
    story = Story(UP, Tool(name="Bash", input="make", id="1"))
    assert story.after(3600) == ""
    assert story.after(40) == "", "it was told, and has a minute"
    assert story.after(60) == "tool-hang"


def test_a_session_goes_on_whose_tool_ended_when_it_was_told_to():
    story = Story(UP, Tool(name="Bash", input="make", id="1"))
    assert story.after(3610) == ""
    story.hears(ToolResult(text="terminated", id="1"))
    assert story.after(590) == ""


def test_the_next_tool_that_hangs_is_told_to_end_as_well():
    story = Story(UP, Tool(name="Bash", input="make", id="1"))
    assert story.after(3610) == ""
    story.hears(ToolResult(text="terminated", id="1"), Tool(name="Bash", input="make again", id="2"))
    assert story.after(3640) == "", "it has its minute too"
    assert story.after(60) == "tool-hang"


def test_time_in_which_a_person_is_asked_or_holds_it_is_nobodys_silence():
    ask = Ask(request_id="r", kind="question", title="?")
    story = Story(UP, ask)
    assert story.after(100_000) == ""
    story.hears(AskClosed(request_id="r", by_answer=True), Notice(kind="paused", text=""))
    assert story.after(100_000) == ""
    story.hears(Notice(kind="resumed", text=""))
    assert story.after(610) == "stall"


def test_a_program_of_the_plan_may_be_silent_for_as_long_as_it_likes():
    assert Story(PROGRAM).after(100_000) == ""
