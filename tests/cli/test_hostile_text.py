"""Text that nobody may trust: titles, dependency words and output with escapes, markup, bad bytes and endless lines."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cli_project import Project

HOSTILE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066]")
ESCAPES = "\x1b[2J\x1b[31mred\x1b[0m\x1b]0;owned\x07\x1b]52;c;ZWNobw==\x07\u202egnp.exe [bold red]loud[/] [link=http://x]y[/link]"


def assert_clean(text: str) -> None:
    """Nothing a terminal would obey."""
    found = HOSTILE.search(text)
    assert found is None, text[max(0, found.start() - 40) : found.end() + 40] if found else ""


async def test_titles_with_escapes_and_markup_are_shown_as_plain_text(project: Project) -> None:
    plan = project.plan("A", "B<-A")
    plan.write_text(plan.read_text().replace("Part A", f"Part A {ESCAPES}").replace("# Plan", f"# Plan {ESCAPES}"))
    outputs = [project.call("parse", plan).out]
    told = project.call("run", plan, "--headless", "--yes")
    assert told.code == 0
    outputs += [told.out, project.call("status").out, project.call("query").out, project.run.progress.read_text()]
    for text in outputs:
        assert_clean(text)
    assert "[bold red]loud[/]" in outputs[-1], "markup is text like any other"
    assert json.loads(outputs[-2])["title"].startswith("Plan ")


async def test_hostile_output_of_a_script_stays_out_of_every_line(project: Project) -> None:
    body = f"printf '%s\\n' $'{ESCAPES.encode('unicode_escape').decode()}'; printf '\\xff\\xfe\\xc3(\\n'"
    told = project.call("run", project.plan(f"A|{body}; exit 3", f"B|{body}"), "--headless", "--yes")
    assert told.code == 1
    for text in (told.out, told.err, project.call("status").out, project.run.progress.read_text()):
        assert_clean(text)
    assert_clean(project.call("query").out.replace("\\u", ""))


async def test_a_plan_that_is_no_utf8_is_refused_with_its_line(project: Project) -> None:
    plan = project.plan("A|echo 'caf@@'", "B<-A")
    line = next(n for n, text in enumerate(plan.read_text().splitlines(), 1) if "@@" in text)
    plan.write_bytes(plan.read_bytes().replace(b"@@", b"\xe9"))
    for words in (("run", plan, "--headless", "--yes"), ("parse", plan)):
        told = project.call(*words)
        assert told.code == 1
        assert f"line {line} is not UTF-8" in told.line
        assert "iconv" in told.line


async def test_output_that_is_no_utf8_is_kept_and_the_run_goes_on(project: Project) -> None:
    body = "head -c 100000 /dev/urandom; printf '\\xed\\xa0\\x80 \\xff\\n'"
    told = project.call("run", project.plan(f"A|{body}", f"B<-A|{body}; exit 1"), "--headless", "--yes")
    assert told.code == 1
    assert "A Part A: done" in told.out
    assert_clean(told.out)
    assert project.state().sections["B"].status.value == "failed"


async def test_a_line_of_twenty_megabytes_neither_stops_nor_fills_the_run(project: Project) -> None:
    body = "head -c 20000000 /dev/zero | tr '\\0' x; echo; echo after"
    told = project.call("run", project.plan(f"A|{body}", "B<-A"), "--headless", "--yes")
    assert told.code == 0
    attempt = project.run.attempt("A", 1)
    assert attempt.transcript.stat().st_size < 1_000_000
    assert "after" in attempt.transcript.read_text()
    assert any(path.stat().st_size == 20_000_000 for path in project.run.artifacts.iterdir())
    journal = sum(path.stat().st_size for path in project.run.journal.iterdir())
    assert journal < 200_000, "the journal holds no output"


async def test_a_simulated_agent_at_its_most_hostile(project: Project) -> None:
    plan = project.simulated("A", "B<-A", hostile=True, flood=2_000_000)
    told = project.call("run", plan, "--headless", "--yes")
    assert told.code == 0
    for text in (told.out, project.call("status").out, project.run.progress.read_text()):
        assert_clean(text)
