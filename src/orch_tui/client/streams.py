"""A window into an attempt's transcript as rows to show: cleaned where it is read, never the whole file in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from orch_tui.clean import clean, one_line
from orch_tui.client.views import money
from orch_tui.store import pieces
from orch_tui.store.layout import AttemptDir
from orch_tui.store.transcripts import Line, Reader

RowKind = Literal["text", "thinking", "tool", "result", "error", "ask", "notice", "ended", "dim"]

PAGE = 128
"""Rows that are read and kept together."""
KEPT = 24
"""Pages kept."""
LONGEST = 3_500
"""Characters of a row; of a longer one the beginning is shown and its length told."""
_CHUNK = 512  # display lines searched at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRow:
    """One display line; `text` may hold newlines (a tool's result). `at` is wall seconds, `number` counts from 0."""

    number: int
    kind: RowKind
    text: str
    at: float


class Window(Protocol):
    """What a stream needs of a transcript's reader."""

    def count(self) -> int:
        """Display lines there are now."""
        ...

    def lines(self, start: int, stop: int) -> list[Line]:
        """Display lines from `start` to before `stop`."""
        ...


class Stream:
    """The rows of one attempt. `refresh` looks at the file's size; everything else works on what was there then."""

    def __init__(self, attempt: AttemptDir, reader: Window | None = None) -> None:
        self._transcript = attempt.transcript
        self._reader = reader or Reader(attempt)
        self._pages: OrderedDict[int, list[StreamRow]] = OrderedDict()
        self._count = 0
        self._size = 0
        self.refresh()

    def refresh(self) -> bool:
        """Look for news; True when there are any."""
        size = pieces.size(self._transcript)
        if size == self._size:
            return False
        self._pages.pop(max(0, self._count - 1) // PAGE, None)  # its last line may have grown
        self._size, self._count = size, self._reader.count()
        return True

    @property
    def stamp(self) -> int:
        """Changes whenever rows changed."""
        return self._size

    def count(self) -> int:
        """How many rows there are."""
        return self._count

    def rows(self, start: int, stop: int) -> list[StreamRow]:
        """Rows from `start` to before `stop`; fewer when there are not as many."""
        stop = min(stop, self._count)
        found: list[StreamRow] = []
        for page in range(start // PAGE, (max(start, stop - 1)) // PAGE + 1):
            first = page * PAGE
            found += self._page(page)[max(0, start - first) : max(0, stop - first)]
        return found

    def find(self, needle: str, start: int, step: int) -> int:
        """The first row from `start` on, going by `step` (1 or -1), that holds `needle` in any case; -1 without one.

        Reads the file in chunks; call it in a thread.
        """
        wanted = needle.casefold()
        at = start
        while 0 <= at < self._count:
            first = at if step > 0 else max(0, at - _CHUNK + 1)
            last = min(self._count, at + _CHUNK) if step > 0 else at + 1
            rows = [row(first + place, line) for place, line in enumerate(self._reader.lines(first, last))]
            for found in rows if step > 0 else reversed(rows):
                if wanted in found.text.casefold():
                    return found.number
            at = last if step > 0 else first - 1
        return -1

    def _page(self, page: int) -> list[StreamRow]:
        if page in self._pages:
            self._pages.move_to_end(page)
            return self._pages[page]
        first = page * PAGE
        lines = self._reader.lines(first, min(first + PAGE, self._count))
        rows = [row(first + at, line) for at, line in enumerate(lines)]
        self._pages[page] = rows
        if len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        return rows


def row(number: int, line: Line) -> StreamRow:
    """A display line as people read it."""
    kind, text = _shown(line)
    return StreamRow(number=number, kind=kind, text=_bounded(text), at=line.t)


def _shown(line: Line) -> tuple[RowKind, str]:
    fields = line.fields
    match line.kind:
        case "text":
            return "text", line.text
        case "thinking":
            return "thinking", line.text
        case "tool":
            return "tool", f"{_word(fields, 'name')} {_word(fields, 'input')}".strip()
        case "tool_result":
            return ("error" if fields.get("is_error") is True else "result"), line.text or _word(fields, "text")
        case "ask":
            detail = _word(fields, "detail")
            return "ask", _word(fields, "title") + (f"\n{detail}" if detail.strip() else "")
        case "ask_closed":
            return "dim", "answered" if fields.get("by_answer") is True else "went on without an answer"
        case "notice":
            return "notice", _joined(_word(fields, "notice"), line.text or _word(fields, "text"))
        case "proposed":
            return "ask", f"proposes a section: {_word(fields, 'title')}\n{_word(fields, 'why')}"
        case "usage":
            return "dim", _usage(fields)
        case "counted":
            return "dim", f"the brief has {fields.get('tokens')} tokens"
        case "started":
            return "dim", " · ".join(filter(None, ("session started", _word(fields, "model"))))
        case "ended":
            return _ended(fields)
        case _:
            return "dim", one_line(line.kind)


def _ended(fields: Mapping[str, Any]) -> tuple[RowKind, str]:
    outcome, failure = _word(fields, "outcome"), _word(fields, "failure")
    how = f"{outcome} ({failure})" if failure not in {"", outcome} else outcome
    said = _word(fields, "summary") or _word(fields, "message")
    return ("ended" if outcome == "succeeded" else "error"), how if said == outcome else _joined(how, said)


def _joined(what: str, said: str) -> str:
    """ "what: said", and nothing said twice."""
    return what if said in {"", what} else f"{what}: {said}"


def _usage(fields: Mapping[str, Any]) -> str:
    cost = fields.get("cost_usd")
    known = money(float(cost)) if isinstance(cost, (int, float)) else "cost not known"
    tokens = [fields.get("input_tokens"), fields.get("output_tokens")]
    count = sum(token for token in tokens if isinstance(token, int))
    return f"so far {known}" + (f", {count:,} tokens" if count else "")


def _word(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _bounded(text: str) -> str:
    if len(text) <= LONGEST:
        return clean(text)
    spilled = text.rfind(" [", len(text) - 200)  # the writer's own words on a line that went to artifacts/
    told = text[spilled:] if spilled > 0 and text.endswith("]") else f" [{len(text):,} characters]"
    return clean(text[:LONGEST]) + " …" + clean(told)
