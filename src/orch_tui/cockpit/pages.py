"""Texts about a section as pages to read: its brief, what its attempts came to, what an undo would take back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from orch_tui.clean import clean, one_line
from orch_tui.client import briefs, results, section_work
from orch_tui.client import undoing as client_undoing
from orch_tui.client.follow import Followed
from orch_tui.client.landing import Landing, Looked, how
from orch_tui.client.results import ResultRow
from orch_tui.client.section_work import RowKind
from orch_tui.cockpit.screens.reading import Page
from orch_tui.cockpit.widgets.lines import Line, Listed
from orch_tui.errors import UserError
from orch_tui.merge_settings import LandStrategy

_WORDS = "  "
_HAPPENED = 12  # columns of what became of a file
_DIFF: dict[RowKind, str] = {
    "file": "heading",
    "about": "dim",
    "part": "tool",
    "new": "new",
    "gone": "gone",
    "same": "text",
}
_BY_WHOM = "Your own git does it: your hooks run, commits are signed as you have it; the terminal is theirs meanwhile."
_MOST_COMMITS = 500
_MOST_FILES = 2000
_SIGNS = {True: ("✓", "good"), False: ("×", "error"), None: ("▶", "tool")}


def brief(follower: Followed, name: str, number: int) -> Page:
    """What the agent of a section was told in its attempt `number`, or would be told now. Raises UserError."""
    found = briefs.brief_of(follower, name, attempt=number)
    told = briefs.with_brief(follower.state, follower.state.sections[name])
    when = "was told" if found.sent else "would be told now"
    head = [Line(text=f"attempt {found.attempt} {when} · about {found.tokens:,} tokens", kind="dim")]
    if found.before:
        waits = ", ".join(found.before[:12]) + (" …" if len(found.before) > 12 else "")
        head.append(Line(text=f"not done yet: {waits}; what they leave will stand in it", kind="warning"))
    if found.left_out:
        head.append(Line(text=found.left_out, kind="warning", lead="▲ "))
    text = clean(found.text.decode("utf-8", "replace")).rstrip("\n").split("\n")
    body = [Line(text=line, kind="heading" if line.startswith("#") else "text") for line in text]
    first = max((other for other in told if other < found.attempt), default=None)
    after = min((other for other in told if other > found.attempt), default=0 if found.sent and number else None)
    return Page(
        title=f"Brief of {one_line(found.section)}",
        lines=Listed([*head, Line(text=""), *body]),
        about=f"{len(found.text):,} bytes",
        earlier=first,
        later=after,
    )


def result(follower: Followed, name: str, now: float) -> Page:
    """What a section came to: its latest attempt first, then the phases before it."""
    section = follower.state.sections[name]
    rows = results.results(follower.state, section, now)
    lines = [line for row in rows for line in (*_result(row), Line(text=""))]
    none = [Line(text="nothing was tried yet", kind="dim")]
    return Page(
        title=f"Result of {one_line(section.id)}  {one_line(section.title, 60)}",
        lines=Listed(lines or none),
        about=f"{len(rows)} attempt{'' if len(rows) == 1 else 's'}",
    )


def _result(row: ResultRow) -> Iterator[Line]:
    sign, kind = _SIGNS[row.good]
    yield Line(text=row.head, kind="heading", lead=f"{sign} ")
    for text in row.said:
        yield from _indented(text, "text" if row.good is not False or text != row.said[-1] else kind)
    if row.blocked:
        yield Line(text=_WORDS + "A person has to", kind="dim")
        yield from _indented(row.blocked, "warning")
    if row.evidence:
        yield Line(text=_WORDS + "Acceptance", kind="dim")
    for one in row.evidence:
        yield Line(text=one.criterion, kind="good" if one.how else "warning", lead="  ✓ " if one.how else "  ▲ ")
        yield from _indented(one.how or "no evidence was given", "text" if one.how else "warning", "      ")
    yield from _list("Decided", row.decisions)
    yield from _list("Interfaces", row.interfaces)
    yield from _list("Files", row.files)
    yield from _list("To follow up", row.follow_ups)


def _list(title: str, items: Iterable[str]) -> Iterator[Line]:
    for number, item in enumerate(items):
        if not number:
            yield Line(text=_WORDS + title, kind="dim")
        yield Line(text=item, lead="  - ")


def _indented(text: str, kind: str, by: str = _WORDS) -> Iterator[Line]:
    yield from (Line(text=line, kind=kind, lead=by) for line in text.split("\n"))


def undoing(follower: Followed, name: str) -> Page:
    """What undoing a section comes to. Raises UserError with what is in the way."""
    found = client_undoing.look(follower.run, follower.state, name)
    lines: list[Line] = []
    for title, merges in found.merges or (("", ()),):
        count, where = len(merges), f"orch/{one_line(follower.state.run)}" + (f" in {title}" if title else "")
        said = f"{count} merge{'' if count == 1 else 's'} will be reverted on {where}, each by a commit on top"
        lines += [Line(text=said), *(Line(text=merge[:10], kind="dim", lead="  - ") for merge in merges)]
    lines += [Line(text=""), Line(text="To be done again:")]
    for one in found.sections:
        section = follower.state.sections[one]
        lines.append(Line(text=f"{one_line(section.id)}  {one_line(section.title, 100)}", lead="  - "))
    withdrawn = [one for one in results.decisions(follower.state) if one.counts and one.section in found.sections]
    if gone := [one for one in withdrawn if not one.pinned]:
        lines += [Line(text=""), Line(text="What they decided counts no more:")]
        lines += [Line(text=one.text, lead=f"  {one.number} ") for one in gone]
    lines += [Line(text=""), Line(text="What was landed on your own branch stays there.", kind="dim")]
    return Page(title=f"Undo {one_line(found.section)}?", lines=Listed(lines))


def landing(looked: Sequence[Looked], way: LandStrategy) -> Page:
    """What would come to the user's own branch, and how; of several repositories one after the other.

    Raises UserError where nothing can be landed in any.
    """
    ready = [(one.found, f" in {one.title}" if one.title else "") for one in looked if one.found]
    if not ready:
        raise UserError("; ".join(f"{one.title}: {one.wrong.line() if one.wrong else one.words}" for one in looked))
    lines: list[Line] = []
    for one in looked:
        if one.found is None:
            said = f"{one.title}: {one.wrong.line() if one.wrong else one.words}"
            lines.append(Line(text=one_line(said, 1000), kind="warning" if one.wrong else "dim"))
    for found, where in ready:
        lines += [*([Line(text="")] if lines else []), *_coming(found, way, where)]
    onto = " and ".join(dict.fromkeys(f"{one_line(found.onto)}{where}" for found, where in ready))
    return Page(title=f"Land it on {onto}?", lines=Listed(lines))


def _coming(found: Landing, way: LandStrategy, where: str) -> list[Line]:
    commits = "1 commit" if found.count == 1 else f"{found.count:,} commits"
    files = "1 file" if len(found.files) == 1 else f"{len(found.files):,} files"
    lines = [
        Line(text=f"{one_line(found.branch)} -> {one_line(found.onto)}{where}: {commits}, {files}", kind="heading"),
        Line(text=f"Your own git does it: {how(found, way)}.", kind="dim"),
        Line(text=""),
        *(Line(text=f"{short} {one_line(subject, 100)}") for short, subject in found.commits[:_MOST_COMMITS]),
        *_more(len(found.commits) - _MOST_COMMITS),
        Line(text=""),
    ]
    for name, plus, minus in found.files[:_MOST_FILES]:
        lines.append(Line(text=f"{'binary' if plus < 0 else f'+{plus} -{minus}':>12}  {one_line(name, 200)}"))
    return [*lines, *_more(len(found.files) - _MOST_FILES)]


def _more(count: int) -> list[Line]:
    return [Line(text=f"and {count:,} more", kind="dim")] if count > 0 else []


def work(follower: Followed, name: str) -> Page:
    """What a section changed, line by line. Raises UserError with why there is nothing to see, GitError."""
    found = section_work.look(follower.run, follower.state, name)
    count = len(found.files)
    lines = [
        Line(text=found.where, kind="dim"),
        Line(text=found.command, kind="dim"),
        *([Line(text=found.more, kind="warning", lead="▲ ")] if found.more else []),
        Line(text=""),
        *(Line(text=f"{what.rjust(_HAPPENED)}  {path}") for what, path in found.files),
        *(Line(text=f"{'untracked'.rjust(_HAPPENED)}  {path}", kind="warning") for path in found.unknown),
    ]
    if not count and not found.unknown:
        lines.append(Line(text="nothing is changed"))
    lines += [Line(text=""), *(Line(text=row.text, kind=_DIFF[row.kind]) for row in found.rows)]
    title = one_line(follower.state.sections[name].title, 60)
    return Page(
        title=f"Diff of {one_line(name)}  {title}",
        lines=Listed(lines),
        about=f"{count:,} file{'' if count == 1 else 's'}" + (" · cut" if found.more else ""),
    )
