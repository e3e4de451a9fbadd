"""JSON and YAML as trees of values that know where they stand, read so that no file can blow the program up.

Libraries give values or positions, not both, and trust their input. Here depth, the length of numbers and the number of
values are limited, and tags, anchors and aliases are refused (a "billion laughs" needs them).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

import yaml

DEEPEST = 60
"""Levels of nesting."""
MOST_VALUES = 2_000_000
_LONGEST_NUMBER = 40

_TOKEN = re.compile(
    r"[ \t\r\n]*(?:(?P<mark>[{}\[\],:])|(?P<text>\"(?:[^\"\\\x00-\x1f]++|\\.)*+\")"
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])|(?P<word>true|false|null)\b)"
)
_BLANK = re.compile(r"[ \t\r\n]*")
_ENDING = re.compile(r"\r\n|\n|\r")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE, _FALSE = frozenset({"true", "True", "TRUE", "yes", "Yes"}), frozenset({"false", "False", "FALSE", "no", "No"})

_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
"""What a plan file cannot hold, but an escape in it can name."""

Scalar = str | bool | None
"""Numbers stay as they are written: ids and versions such as `007` and `1.10` are meant so."""


class BrokenDataError(ValueError):
    """Text that is not the JSON or YAML it looks like; `line` and `column` count from 1."""

    def __init__(self, why: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {why}")
        self.line = line
        self.column = column


@dataclass(slots=True)
class Node:
    """A value with its place: first and last line, and where its text (with its key, if it has one) starts and ends.

    Exactly one of `fields` (a mapping), `items` (a list) and `scalar` counts, as `kind` says.
    """

    kind: str
    line: int
    start: int
    end: int = 0
    last_line: int = 0
    scalar: Scalar = None
    fields: dict[str, Node] = field(default_factory=dict[str, "Node"])
    items: list[Node] = field(default_factory=list["Node"])

    @property
    def text(self) -> str:
        """A scalar as people would write it; "" for null, lists and mappings."""
        if self.kind != "scalar" or self.scalar is None:
            return ""
        return str(self.scalar).lower() if isinstance(self.scalar, bool) else str(self.scalar).strip()


class _Lines:
    def __init__(self, text: str, first: int) -> None:
        self._starts = [0, *(found.end() for found in _ENDING.finditer(text))]
        self._first = first

    def at(self, offset: int) -> int:
        return self._first + bisect_right(self._starts, offset) - 1

    def wrong(self, why: str, offset: int) -> BrokenDataError:
        line = bisect_right(self._starts, offset)
        return BrokenDataError(why, self._first + line - 1, offset - self._starts[line - 1] + 1)


def read_json(text: str, first_line: int = 1) -> Node:
    """The value that `text` is. Raises BrokenDataError; `first_line` is the line of the file that `text` begins on."""
    reader = _Json(text, _Lines(text, first_line))
    root = reader.value()
    end = reader.skip()
    if end < len(text):
        raise reader.lines.wrong("something follows the end of the data", end)
    return root


def read_json_lines(text: str) -> list[Node]:
    """The values that stand one after another in `text`, each usually on a line of its own. Raises BrokenDataError."""
    reader = _Json(text, _Lines(text, 1))
    out: list[Node] = []
    while reader.skip() < len(text):
        out.append(reader.value())
    return out


class _Json:
    """A stack machine over tokens; `at` is the offset of what comes next."""

    def __init__(self, text: str, lines: _Lines) -> None:
        self.text = text
        self.lines = lines
        self.at = 0
        self.count = 0

    def skip(self) -> int:
        found = _BLANK.match(self.text, self.at)
        return found.end() if found else self.at

    def token(self) -> re.Match[str]:
        found = _TOKEN.match(self.text, self.at)
        if not found:
            at = self.skip()
            what = "the data ends too early" if at >= len(self.text) else f"unexpected {self.text[at : at + 12]!r}"
            raise self.lines.wrong(what, at)
        self.at = found.end()
        return found

    def value(self) -> Node:
        """One value of any kind, without recursion."""
        root = self._one(self.token(), None)
        stack = [root] if root.kind != "scalar" else []
        while stack:
            holder = stack[-1]
            found = self.token()
            empty = not (holder.fields or holder.items)
            if found["mark"] == ("}" if holder.kind == "mapping" else "]"):
                self._close(stack.pop())
                continue
            if not empty:
                self._expect(found, ",")
                found = self.token()
            child = self._member(found, holder)
            if child.kind != "scalar":
                stack.append(child)
                if len(stack) > DEEPEST:
                    raise self.lines.wrong(f"nested deeper than {DEEPEST}", child.start)
        return root

    def _member(self, found: re.Match[str], holder: Node) -> Node:
        if holder.kind == "list":
            child = self._one(found, None)
            holder.items.append(child)
            return child
        if not found["text"]:
            raise self.lines.wrong("a name in double quotes is expected here", found.start(found.lastgroup or 0))
        key_at = found.start("text")
        name = self._string(found)
        self._expect(self.token(), ":")
        child = self._one(self.token(), key_at)
        holder.fields[name] = child
        return child

    def _expect(self, found: re.Match[str], mark: str) -> None:
        if found["mark"] != mark:
            raise self.lines.wrong(f"{mark!r} is expected here", found.start(found.lastgroup or 0))

    def _one(self, found: re.Match[str], key_at: int | None) -> Node:
        self.count += 1
        begins = found.start(found.lastgroup or 0)
        if self.count > MOST_VALUES:
            raise self.lines.wrong(f"more than {MOST_VALUES} values", begins)
        start = begins if key_at is None else key_at
        line = self.lines.at(start)
        if found["mark"] in {"{", "["}:
            return Node("mapping" if found["mark"] == "{" else "list", line, start)
        if found["mark"]:
            raise self.lines.wrong(f"a value is expected here, not {found['mark']!r}", begins)
        scalar = self._string(found) if found["text"] else self._plain(found, begins)
        return Node("scalar", line, start, found.end(), self.lines.at(begins), scalar)

    def _string(self, found: re.Match[str]) -> str:
        raw = found["text"]
        if "\\" not in raw:
            return raw[1:-1]
        try:
            return _NO_TEXT.sub("\ufffd", str(json.loads(raw)))
        except ValueError as error:
            raise self.lines.wrong("a broken escape in a text", found.start("text")) from error

    def _plain(self, found: re.Match[str], begins: int) -> Scalar:
        if found["word"]:
            return {"true": True, "false": False}.get(found["word"])
        if len(found["number"]) > _LONGEST_NUMBER:
            raise self.lines.wrong("a number of absurd length", begins)
        return found["number"]

    def _close(self, node: Node) -> None:
        node.end = self.at
        node.last_line = self.lines.at(self.at - 1)


_NO_LINES = dict.fromkeys(map(ord, "\x85\u2028\u2029"), " ")
"""Characters that end a line for YAML and for nobody else; with them its line numbers are not the file's."""


def read_yaml(text: str, first_line: int = 1) -> Node:
    """The one document that `text` is. Raises BrokenDataError also for tags, anchors and aliases."""
    text = text.translate(_NO_LINES)
    builder = _Yaml(text, first_line)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in cast("Iterable[yaml.Event]", yaml.parse(text, Loader=loader)):  # pyright: ignore[reportUnknownMemberType]
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (min(mark.line, text.count("\n")), mark.column) if mark else (0, 0)
        what = error.problem or error.context or "not YAML"
        raise BrokenDataError(what + _begun(error, first_line), first_line + line, column + 1) from error
    except yaml.YAMLError as error:
        raise BrokenDataError(" ".join(str(error).split()), first_line, 1) from error
    return builder.root or Node("scalar", first_line, 0)


def _begun(error: yaml.MarkedYAMLError, first_line: int) -> str:
    """Where what is broken begins, when that is another line: a quote that is never closed is noticed at the end."""
    start, found = error.context_mark, error.problem_mark
    if not start or not found or start.line == found.line:
        return ""
    return f" ({error.context} in line {first_line + start.line}, column {start.column + 1})"


class _Yaml:
    """Builds the tree from the parser's events."""

    def __init__(self, text: str, first_line: int) -> None:
        self.root: Node | None = None
        self._text = text
        self._first = first_line
        self._stack: list[Node] = []
        self._keys: list[tuple[str, int, int] | None] = []
        self._count = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._wrong("aliases (`*name`) are not allowed", event)
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise self._wrong("a second document in the same text", event)
        if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
            self._refuse(event)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event, "mapping" if isinstance(event, yaml.MappingStartEvent) else "list")
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close(event)

    def _refuse(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        self._count += 1
        if event.anchor:
            raise self._wrong("anchors (`&name`) are not allowed", event)
        if event.tag:
            raise self._wrong("tags (`!name`) are not allowed", event)
        if self._count > MOST_VALUES:
            raise self._wrong(f"more than {MOST_VALUES} values", event)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        value = _NO_TEXT.sub("\ufffd", str(event.value))
        start, end = _mark(event.start_mark), _mark(event.end_mark)
        if self._stack and self._stack[-1].kind == "mapping" and self._keys[-1] is None:
            self._keys[-1] = (value, start.index, self._first + start.line)
            return
        plain = not event.style
        node = Node("scalar", self._first + start.line, start.index, end.index, self._first + end.line)
        node.scalar = _resolved(value) if plain else value
        if end.column == 0 and end.line > start.line:
            node.last_line -= 1
        self._place(node)

    def _open(self, event: yaml.Event, kind: str) -> None:
        start = _mark(event.start_mark)
        if self._stack and self._stack[-1].kind == "mapping" and self._keys[-1] is None:
            raise self._wrong("a name must be a plain text", event)
        node = Node(kind, self._first + start.line, start.index)
        self._place(node)
        self._stack.append(node)
        self._keys.append(None)
        if len(self._stack) > DEEPEST:
            raise self._wrong(f"nested deeper than {DEEPEST}", event)

    def _close(self, event: yaml.Event) -> None:
        node = self._stack.pop()
        self._keys.pop()
        end = _mark(event.end_mark)
        children = [*node.fields.values(), *node.items]
        if self._text[end.index - 1 : end.index] in {"]", "}"} or not children:
            node.end, node.last_line = end.index, self._first + end.line
        else:  # a block ends with its last member; its end mark is where the next thing begins
            node.end, node.last_line = children[-1].end, max(child.last_line for child in children)

    def _place(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        holder = self._stack[-1]
        if holder.kind == "list":
            holder.items.append(node)
            return
        name, start, line = self._keys[-1] or ("", node.start, node.line)
        node.start, node.line = start, line
        holder.fields[name] = node
        self._keys[-1] = None

    def _wrong(self, why: str, event: yaml.Event) -> BrokenDataError:
        mark = _mark(event.start_mark)
        return BrokenDataError(why, self._first + mark.line, mark.column + 1)


def _mark(mark: object) -> yaml.Mark:
    return cast("yaml.Mark", mark)


def _resolved(value: str) -> Scalar:
    """A plain scalar: null, truth or text."""
    if value in _NULLS:
        return None
    if value in _TRUE:
        return True
    return False if value in _FALSE else value
