"""The workflows that come with the program, each on a real repository, with scripts for agents."""

from __future__ import annotations

from running import Bench, sections

from orch_tui.core.state import Phase, State


async def through(bench: Bench, workflow: str, body: str, *, check: str) -> State:
    """A section A whose agents run `body`, and B that is skipped, by a workflow, to the end."""
    settings = f"agent: script\nworkflow: {workflow}\nchecks: ['{check}']\n"
    await bench.open(sections(f"A|{body}", "B<-A").replace("agent: script\n", settings))
    await bench.approve()
    assert await bench.send("skip", section="B") == ""
    return await bench.done()


def way(state: State) -> list[tuple[str, str]]:
    """The phases A's attempts were about, and how each ended."""
    return [(one.phase, one.named or one.outcome) for one in state.sections["A"].attempts]


def merged(bench: Bench) -> set[str]:
    return set(bench.git("ls-tree", "-r", "--name-only", f"orch/{bench.run.name}").split()) - {"README.md"}


async def test_bugfix_takes_a_test_only_when_it_fails_and_a_cure_only_when_nothing_does(bench: Bench):
    body = (
        'echo x >> "$ROOT/rounds"; n=$(wc -l < "$ROOT/rounds")\n'
        "[ $n = 1 ] && echo true > bug.test\n"
        "[ $n = 2 ] && echo test -e cure > bug.test\n"
        "[ $n = 3 ] && touch wrong-cure\n"
        "[ $n = 4 ] && touch cure\n"
        "echo round $n"
    )
    state = await through(bench, "bugfix", body, check="! test -e bug.test || sh ./bug.test")
    assert state.phase is Phase.DONE
    assert way(state) == [
        ("before", "succeeded"),
        ("reproduce", "succeeded"),
        ("red", "succeeded"),
        ("reproduce", "succeeded"),
        ("red", "failed"),
        ("implement", "succeeded"),
        ("verify", "failed"),
        ("implement", "succeeded"),
        ("verify", "succeeded"),
    ]
    assert merged(bench) == {"A.txt", "bug.test", "wrong-cure", "cure"}
    again = bench.run.attempt("A", 4).brief.read_text()
    assert "An earlier test did not do" in again
    assert "round 2" in bench.run.attempt("A", 6).brief.read_text(), "who mends it knows what the test was"


async def test_bugfix_asks_when_the_checks_are_red_before_anything_was_done(bench: Bench):
    settings = "agent: script\nworkflow: bugfix\nchecks: ['test -e A.txt']\n"
    await bench.open(sections("A", "B<-A").replace("agent: script\n", settings))
    await bench.approve()
    assert await bench.send("skip", section="B") == ""
    state = await bench.until(lambda s: s.asks, "a question")
    [ask] = state.asks.values()
    assert ask.options == ("mend", "stop")
    assert await bench.send("answer", request_id=ask.request_id, choice="mend") == ""
    state = await bench.done()
    assert [phase for phase, _ in way(state)] == ["before", "implement", "verify"]
    assert state.phase is Phase.DONE


async def test_pipeline_goes_round_until_its_reader_is_content_and_keeps_nothing_of_what_readers_wrote(bench: Bench):
    body = (
        'echo x >> "$ROOT/rounds"; n=$(wc -l < "$ROOT/rounds"); echo $n > work.txt; touch by-$n\n'
        "[ $n = 1 ] && rm -rf .git README.md\n"
        "echo said in round $n\n"
        "if [ $n = 5 ]; then echo Outcome: ready; else echo Outcome: changes; fi"
    )
    state = await through(bench, "pipeline", body, check="test -s work.txt")
    assert state.phase is Phase.DONE
    assert way(state) == [
        ("plan", "succeeded"),
        ("implement", "succeeded"),
        ("checks", "succeeded"),
        ("verify", "changes"),
        ("implement", "succeeded"),
        ("checks", "succeeded"),
        ("verify", "ready"),
    ]
    assert merged(bench) == {"A.txt", "work.txt", "by-2", "by-4"}
    assert bench.git("show", f"orch/{bench.run.name}:work.txt") == "4"
    attempts = state.sections["A"].attempts
    assert attempts[0].notice == "put back what it changed: all of it"
    assert attempts[3].notice == "put back what it changed: work.txt, by-3"
    briefs = [bench.run.attempt("A", one.number).brief.read_text() for one in attempts]
    assert "said in round 1" in briefs[1]
    assert "said in round 3" in briefs[4], "what the reader found goes to who has to mend it"
    assert "`Outcome: ready` or `Outcome: changes`" in briefs[3]
