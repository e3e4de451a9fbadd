"""Mends as YAML beside a plan, or under `orch:` in its front matter, so that they can be committed with it.

    version: 1
    sections:
      A: Tokens
      B: Parser
    mends:
    - by: kim
      at: '2026-11-21T14:02:10+00:00'
      why: the parser reads the tokens
      edits:
      - {add: B, after: A, needs: the tokens}
      - {exclude: D, dependants: exclude}
      - {set: [B, C], agent: claude, budget: '2.50'}
      - new: N1
        title: Limits of the parser
        text: |
          Say what the parser refuses, and test it.
        verify: [make test]

Edits are called as on the command line: add, drop, reverse (with after), exclude, include, done, not-done, set, note,
new; a list of sections means each of them. `sections` are the titles of what is named, by which they are found again
when the plan numbers them otherwise. Every value is taken as text, so that the section 1.10 is not the number 1.1. No
tags, no aliases, limited size and depth.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import assert_never, cast, get_args

import yaml

from orch_tui.errors import PlanError
from orch_tui.plan.edits import (
    AddEdge,
    AddNote,
    AddSection,
    Assign,
    Assignable,
    Dependants,
    DropEdge,
    Edit,
    Exclude,
    Include,
    MarkDone,
    Mend,
    ReverseEdge,
    named,
)
from orch_tui.plan.settings import check_harmless, loaded_by

KEY = "orch"
"""The field of the front matter that mends stand under."""
LARGEST = 2 * 1024 * 1024
"""Characters of a file: mends of 10,000 sections, and their titles."""
LONGEST_TITLE = 100
"""Characters of a title that are kept: enough to know a section again."""
_VERSION = "1"
_ASSIGNABLE: tuple[Assignable, ...] = get_args(Assignable)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinedMend:
    """A mend as it stands in a file; `lines` are those of its edits."""

    mend: Mend
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a file holds: mends, oldest first, and the titles that the sections they name had, as far as it says."""

    mends: tuple[LinedMend, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict[str, str])


def dump(mends: Iterable[Mend], titles: Mapping[str, str]) -> str:
    """The mends as the text of a file, oldest first; the same mends give the same text.

    `titles` are those of the plan's sections; of the sections that are named they are kept.
    """
    made = tuple(mends)
    about = dict.fromkeys(name for mend in made for edit in mend.edits for name in named(edit))
    kept = {name: titles[name][:LONGEST_TITLE] for name in about if titles.get(name)}
    data: dict[str, object] = {"version": int(_VERSION)}
    if kept:
        data["sections"] = kept
    data["mends"] = [_mend_data(mend) for mend in made]
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=4096)


def load(text: str, *, first_line: int = 1) -> Brought:
    """The mends of a file. Raises PlanError with line and column; `first_line` is that of `text` in its file."""
    return _loaded(text, first_line, lambda root: root)


def load_front_matter(text: str, *, first_line: int) -> Brought:
    """The mends under `orch:` of a front matter. Raises PlanError with line and column."""

    def below(root: yaml.Node) -> yaml.Node | None:
        fields = _fields(root, first_line) if isinstance(root, yaml.MappingNode) else {}
        return fields.get(KEY)

    return _loaded(text, first_line, below)


def with_front_matter(text: str, mends: Iterable[Mend], titles: Mapping[str, str]) -> str:
    """The plan's text with the mends under `orch:` of its front matter, in place of those that stood there."""
    end = "\r\n" if "\r\n" in text else "\n"
    block = [f"{KEY}:", *(f"  {line}" for line in dump(mends, titles).removesuffix("\n").split("\n"))]
    lines = text.split(end)
    last = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    if lines[0].lstrip("\ufeff").rstrip() != "---" or not last:
        return end.join(["---", *block, "---", text])
    kept: list[str] = []
    inside = False
    for line in lines[1:last]:
        inside = line.startswith(f"{KEY}:") or (inside and (not line.strip() or line[0] in " \t-"))
        if not inside:
            kept.append(line)
    return end.join([lines[0], *kept, *block, *lines[last:]])


# --- writing ---------------------------------------------------------------------------------------------------------


class _Dumper(yaml.SafeDumper):
    """Edits on one line each, everything else as a block; lists below their key are indented."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


class _Line(dict[str, str | list[str]]):
    """A mapping that is written on one line."""


class _Text(str):
    """Words that are written as lines of their own."""

    __slots__ = ()


_Data = dict[str, str | list[str]]


def _write_line(dumper: yaml.SafeDumper, data: _Line) -> yaml.Node:
    node = dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)  # pyright: ignore[reportUnknownMemberType]
    for _, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
        inner = cast("list[yaml.Node]", value.value) if isinstance(value, yaml.SequenceNode) else [value]
        if isinstance(value, yaml.SequenceNode):
            value.flow_style = True
        for scalar in inner:
            if isinstance(scalar, yaml.ScalarNode) and "\n" in cast("str", scalar.value):
                scalar.style = '"'
    return node


def _write_text(dumper: yaml.SafeDumper, data: _Text) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(data), style="|")  # pyright: ignore[reportUnknownMemberType]


_Dumper.add_representer(_Line, _write_line)  # pyright: ignore[reportUnknownMemberType]
_Dumper.add_representer(_Text, _write_text)  # pyright: ignore[reportUnknownMemberType]


def _mend_data(mend: Mend) -> dict[str, object]:
    at = datetime.fromtimestamp(mend.at, UTC).isoformat(timespec="seconds") if mend.at else ""
    head = {"by": mend.by, "at": at, "why": mend.why, "source": mend.source}
    return {**{name: value for name, value in head.items() if value}, "edits": _edits_data(mend.edits)}


def _edits_data(edits: Sequence[Edit]) -> list[_Data]:
    """One line an edit; what is set for the same section, and what is done to several, shares one."""
    lines: list[_Data] = []
    for edit in edits:
        if isinstance(edit, Assign) and lines and lines[-1].get("set") == edit.section and edit.what not in lines[-1]:
            lines[-1][edit.what] = edit.value
        else:
            lines.append(_edit_data(edit))
    out: list[_Data] = []
    for line in lines:
        (verb, section), *rest = line.items()
        if out and list(out[-1].items())[1:] == rest and verb in out[-1] and isinstance(line, _Line):
            there = out[-1][verb]
            out[-1][verb] = [*(there if isinstance(there, list) else [there]), cast("str", section)]
        else:
            out.append(line)
    return out


def _edit_data(edit: Edit) -> _Data:
    match edit:
        case AddEdge():
            needs = {"needs": edit.needs} if edit.needs else {}
            return _Line({"add": edit.downstream, "after": edit.upstream, **needs})
        case DropEdge():
            return _Line({"drop": edit.downstream, "after": edit.upstream})
        case ReverseEdge():
            return _Line({"reverse": edit.downstream, "after": edit.upstream})
        case Exclude():
            return _Line({"exclude": edit.section, "dependants": edit.dependants})
        case Include():
            return _Line({"include": edit.section})
        case MarkDone():
            return _Line({"done" if edit.done else "not-done": edit.section})
        case Assign():
            return _Line({"set": edit.section, edit.what: edit.value})
        case AddNote():
            return _Line({"note": edit.section, "text": edit.text})
        case AddSection():
            hints = {"files": list(edit.files), "verify": list(edit.verify)}
            said = {name: value for name, value in hints.items() if value}
            return {"new": edit.section, "title": edit.title, "text": _Text(edit.text), **said}
        case _:
            assert_never(edit)


# --- reading ---------------------------------------------------------------------------------------------------------


def _loaded(text: str, first_line: int, below: Callable[[yaml.Node], yaml.Node | None]) -> Brought:
    if len(text) > LARGEST:
        raise PlanError(f"longer than {LARGEST} characters")
    try:
        root = loaded_by("BaseLoader", lambda loader: _composed(text, loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {first_line + mark.line}, column {mark.column + 1}: " if mark else ""
        raise PlanError(f"{where}{' '.join((error.problem or error.context or 'not YAML').split())}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise PlanError(f"line {first_line}: {' '.join(str(error).split())}") from error
    node = below(root) if root is not None else None
    return _brought(node, first_line) if node is not None else Brought()


def _composed(text: str, loader: type) -> yaml.Node | None:
    check_harmless(text, loader)
    return yaml.compose(text, Loader=loader)  # pyright: ignore[reportUnknownMemberType]


def _brought(root: yaml.Node, first_line: int) -> Brought:
    fields = _fields(root, first_line)
    _allow(fields, ("version", "sections", "mends"), root, first_line)
    if "version" in fields and _text(fields["version"], first_line) != _VERSION:
        raise _wrong(fields["version"], first_line, f"this orch-tui reads version {_VERSION}")
    if "mends" not in fields:
        raise _wrong(root, first_line, "there is no `mends:` list")
    titles = _fields(fields["sections"], first_line) if "sections" in fields else {}
    return Brought(
        mends=tuple(_mend(node, first_line) for node in _items(fields["mends"], first_line)),
        titles={name: _text(title, first_line) for name, title in titles.items()},
    )


def _mend(node: yaml.Node, first_line: int) -> LinedMend:
    fields = _fields(node, first_line)
    _allow(fields, ("by", "at", "why", "source", "edits"), node, first_line)
    if "edits" not in fields:
        raise _wrong(node, first_line, "a mend without `edits:`")
    edits: list[Edit] = []
    lines: list[int] = []
    for item in _items(fields["edits"], first_line):
        read = _edits(item, first_line)
        edits += read
        lines += [first_line + item.start_mark.line] * len(read)
    words = {name: _text(fields[name], first_line) for name in ("by", "why", "source") if name in fields}
    at = _time(fields["at"], first_line) if "at" in fields else 0.0
    mend = Mend(
        edits=tuple(edits), by=words.get("by", ""), at=at, why=words.get("why", ""), source=words.get("source", "")
    )
    return LinedMend(mend=mend, lines=tuple(lines))


def _edits(node: yaml.Node, first_line: int) -> list[Edit]:
    fields = _fields(node, first_line)
    verb = next((name for name in fields if name in _VERBS), "")
    if not verb:
        raise _wrong(node, first_line, f"an edit is one of {', '.join(_VERBS)}, not {', '.join(fields) or 'nothing'}")
    about = fields.pop(verb)
    lists = {
        name: tuple(_text(one, first_line) for one in _items(fields.pop(name), first_line))
        for name in _LISTS.get(verb, ())
        if name in fields
    }
    sections = [
        _text(one, first_line) for one in ([about] if isinstance(about, yaml.ScalarNode) else _items(about, first_line))
    ]
    given = {name: _text(value, first_line) for name, value in fields.items()}
    needed, optional = _VERBS[verb]
    unknown = [name for name in given if name not in (*needed, *optional)]
    missing = [name for name in needed if name not in given]
    if unknown or missing:
        what = f"does not know {unknown[0]!r}" if unknown else f"needs {missing[0]!r}"
        raise _wrong(node, first_line, f"{verb!r} {what}")
    if verb == "set":
        if not given:
            raise _wrong(node, first_line, f"'set' needs one of {', '.join(_ASSIGNABLE)}")
        values: dict[Assignable, str] = {what: given[what] for what in _ASSIGNABLE if what in given}
        return [Assign(section=one, what=what, value=value) for one in sections for what, value in values.items()]
    if verb == "new":
        hints = [lists.get(name, ()) for name in _LISTS[verb]]
        new = partial(AddSection, title=given["title"], text=given["text"], files=hints[0], verify=hints[1])
        return [new(section=one) for one in sections]
    return [_edit(verb, section, given, node, first_line) for section in sections]


_VERBS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "add": (("after",), ("needs",)),
    "drop": (("after",), ()),
    "reverse": (("after",), ()),
    "exclude": ((), ("dependants",)),
    "include": ((), ()),
    "done": ((), ()),
    "not-done": ((), ()),
    "set": ((), _ASSIGNABLE),
    "note": (("text",), ()),
    "new": (("title", "text"), ()),
}
"""Every edit by its name: the fields it needs, and those it may have."""
_LISTS: dict[str, tuple[str, ...]] = {"new": ("files", "verify")}
"""Those whose values are lists."""


def _edit(verb: str, section: str, given: Mapping[str, str], node: yaml.Node, first_line: int) -> Edit:
    match verb:
        case "add":
            return AddEdge(upstream=given["after"], downstream=section, needs=given.get("needs", ""))
        case "drop":
            return DropEdge(upstream=given["after"], downstream=section)
        case "reverse":
            return ReverseEdge(upstream=given["after"], downstream=section)
        case "exclude":
            dependants = given.get("dependants", "release")
            known: dict[str, Dependants] = {"release": "release", "exclude": "exclude"}
            if dependants not in known:
                raise _wrong(node, first_line, f"dependants are 'release' or 'exclude', not {dependants!r}")
            return Exclude(section=section, dependants=known[dependants])
        case "include":
            return Include(section=section)
        case "note":
            return AddNote(section=section, text=given["text"])
        case _:
            return MarkDone(section=section, done=verb == "done")


def _fields(node: yaml.Node, first_line: int) -> dict[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        raise _wrong(node, first_line, "it is not a list of `name: value` fields")
    fields: dict[str, yaml.Node] = {}
    for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
        name = _text(key, first_line)
        if name in fields:
            raise _wrong(key, first_line, f"{name!r} stands there twice")
        fields[name] = value
    return fields


def _items(node: yaml.Node, first_line: int) -> list[yaml.Node]:
    if isinstance(node, yaml.ScalarNode) and not node.value:
        return []
    if not isinstance(node, yaml.SequenceNode):
        raise _wrong(node, first_line, "it is not a list (lines that begin with `- `)")
    return cast("list[yaml.Node]", node.value)


def _text(node: yaml.Node, first_line: int) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _wrong(node, first_line, "a word or a text is expected here")
    return str(node.value)


def _time(node: yaml.Node, first_line: int) -> float:
    try:
        at = datetime.fromisoformat(_text(node, first_line))
        seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError) as error:
        raise _wrong(node, first_line, "a time looks like 2026-11-21T14:02:10+00:00") from error
    if not math.isfinite(seconds) or seconds < 0:
        raise _wrong(node, first_line, "a time before 1970")
    return seconds


def _allow(fields: Mapping[str, yaml.Node], names: Sequence[str], node: yaml.Node, first_line: int) -> None:
    for name in fields:
        if name not in names:
            raise _wrong(node, first_line, f"{name!r} is not known here; known are {', '.join(names)}")


def _wrong(node: yaml.Node, first_line: int, why: str) -> PlanError:
    mark = cast("yaml.Mark", node.start_mark)
    return PlanError(f"line {first_line + mark.line}, column {mark.column + 1}: {why}")
