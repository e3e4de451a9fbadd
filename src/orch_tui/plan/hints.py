"""What a section says about how to run it, however it says it: fields, bullets, two-column tables, tags, task lines.

`Agent: script`, `- **Risk:** low`, `| Model | opus |`, `` `est:30m` ``, `**Files:**` with `- Create: ...` below it,
`Run: ...`, `### Acceptance Criteria` with a list, a shell block under "Verification", a path in the line of a task.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from orch_tui.counted import CLAIM
from orch_tui.merge_settings import MERGE_STRATEGIES
from orch_tui.plan.check_commands import coded, listed, named
from orch_tui.plan.fields import field as field_of
from orch_tui.plan.fields import plain
from orch_tui.plan.hint_words import HINTS, INLINE, LEVELS, NOTHING, TIMID, WORDS, Hint
from orch_tui.plan.model import Hints
from orch_tui.plan.paths import paths, spans
from orch_tui.plan.places import may_be_repository, only_word, repository_named
from orch_tui.plan.sentences import sentence

_INLINE = re.compile(
    rf"(?:(?<=[.;\])·|])|^)\s*(?:\*\*)?({'|'.join(INLINE)})(?:\*\*)?:(?:\*\*)?\s+(?=\S)", re.IGNORECASE
)
_TAG = re.compile(r"`(risk|est|effort|model|agent|size|budget|workflow|repo|merge)\s*:\s*([^`]{1,60})`", re.IGNORECASE)
_ROW = re.compile(r"^\s*\|\s*\*{0,2}([^|*]{1,48}?)\*{0,2}:?\s*\|\s*([^|]+?)\s*\|\s*$")
_DOTS = re.compile(r"(?<!\s)\s+[·•|]\s+(?=\*\*|_[A-Z])|(?<=[.)])\s+(?=\*\*[A-Z][\w ]{1,30}:?\*\*)")
_HEADING = re.compile(r"\s*#{1,6}\s+(.*?)\s*#*$")
_FENCE = re.compile(r"\s*(?:[-*+]\s+)?(`{3,}|~{3,})\s*(\w*)")
_MONEY = re.compile(
    r"(?:max\.?|up to|höchstens|bis zu)?\s*(?:US\$|\$|USD)?\s*(\d{1,6}(?:[.,]\d{1,4})?)"
    r"\s*(?:\$|USD|US-Dollar|dollars?)?$",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\W*(?:\d+[.)]\s+)?(?:(?:this(?: \w+)?|it|we|then|also|will|diese[rs]? \w+|es|wir)\s+){0,3}"
    r"(?:(?:create|add|modify|modifie|update|edit|implement|write|rewrite|extend|delete|remove|rename|change|move|touche?"
    r"|refactor|replace)s?|erstell(?:e|en|t)|änder(?:e|n|t)|legt?e?|ergänz(?:e|en|t)|schreib(?:e|en|t)|lösch(?:e|en|t)"
    r"|passe|passt|crear?|modificar?|añad(?:e|ir)|créer?|modifier?|ajouter?)\b",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.!;])\s+(?=[A-ZÀ-Þ])")
_RUNS = re.compile(
    r"[-*+\s]*(?:\[[ xX]\]\s*)?(?:\*\*Step \d+:?\s*)?"
    r"(?:(?:run|execute|führe|ausführen|ejecuta\w*|exécute\w*)\b|运行|執行|実行):?\s*"
    r"(?P<what>(?:`[^`]+`|[^`]{0,30}`).*)",
    re.IGNORECASE,
)
"""A step that runs a command: "- [ ] Run `npm test` and commit"."""
_STEP = re.compile(r"[-*+]\s+\[[ xX]\]\s")
"""A box behind a list of files begins the list of steps."""
_LONGEST = 200
_LONGEST_LINE = 4_000
_MOST = 50


_NOTHING = Hints()
_TOLD = (
    *("agent", "model", "effort", "estimate", "risk", "budget_usd", "workflow", "repository", "merge"),
    *("files", "acceptance", "verify", "resources"),
)


@dataclass(slots=True)
class _Heard:
    """What was found so far, and the list that is being read: its hint, and whether it stands under a heading."""

    words: dict[Hint, str] = field(default_factory=dict[Hint, str])
    lists: dict[Hint, list[str]] = field(default_factory=dict[Hint, list[str]])
    listing: Hint | None = None
    headed: bool = False
    changed: list[str] = field(default_factory=list[str])
    nothing: bool = False

    def add(self, hint: Hint, value: str) -> None:
        """Keeps a value; of words the first one counts."""
        if hint in WORDS:
            shown = repository_named(value) if hint == "repository" else value.strip("*_`. ")[:_LONGEST]
            if hint == "effort":
                level = _level(shown)
                hint, shown = ("effort", level) if level else ("estimate", shown)
            if hint == "merge":
                shown = strategy(shown)
            if shown:
                self.words.setdefault(hint, shown)
            return
        if hint == "files":
            self.nothing |= value.strip("*_`. ").lower() in NOTHING
            self._keep("files", *_files(value))
        elif hint == "verify":
            commands = named(value)
            self.command(*commands)
            if not commands:
                self._keep("acceptance", value)
        elif hint == "resources":
            self._keep("resources", *_claims(value))
        else:
            self._keep(hint, value)
            if "`" in value:
                self.command(*coded(value))

    def command(self, *commands: str) -> None:
        """Keeps commands sign for sign: a part of one would do something else."""
        kept = self.lists.setdefault("verify", [])
        kept += [one for one in dict.fromkeys(commands) if one not in kept][: _MOST - len(kept)]

    def _keep(self, hint: Hint, *values: str) -> None:
        kept = self.lists.setdefault(hint, [])
        for value in values:
            shown = value.strip("*_ ").strip()[:_LONGEST]
            if shown and shown not in kept and len(kept) < _MOST:
                kept.append(shown)


def read_hints(lines: Sequence[str], inline: str = "", title: str = "") -> Hints:
    """Hints from the lines of a section, from its first line of running text, `inline`, and from its title."""
    heard = _Heard(changed=[one for span in spans(title) for one in paths(span)])
    for found in _TAG.finditer(inline) if "`" in inline else ():
        heard.add(HINTS.get(found[1].lower(), "estimate"), found[2])
    _in_text(inline, heard)
    heard.changed += _changed(inline)
    _in_lines(lines, heard)
    return _hints(heard)


def stated(values: Iterable[tuple[Hint, str]]) -> Hints:
    """Hints from values whose names are known already."""
    heard = _Heard()
    for hint, value in values:
        heard.add(hint, value)
    return _hints(heard)


def filled(own: Hints, other: Hints) -> Hints:
    """A section's own hints, and what another place says where these say nothing."""
    if other == _NOTHING:
        return own
    silent = [name for name in _TOLD if getattr(own, name) in ("", None, ())]
    return replace(own, **{name: getattr(other, name) for name in silent})


def strategy(words: str) -> str:
    """The merge strategy that words name: "Squash (one commit)" -> "squash"; "" when they are about something else."""
    first = re.split(r"[\s(,;.:]", words.strip().strip("`*_").lower(), maxsplit=1)[0].strip("`*_-")
    return first if first in MERGE_STRATEGIES else ""


def _level(words: str) -> str:
    """The level of effort that words name: "High (new territory)" -> "high"; "" for an estimate."""
    first = re.split(r"[(（,;]|\s[–—-]\s", words.lower())[0]
    return LEVELS.get(" ".join(first.replace("-", " ").split()), "")


def _hints(heard: _Heard) -> Hints:
    lists = {name: tuple(values) for name, values in heard.lists.items()}
    return Hints(
        agent=heard.words.get("agent", ""),
        model=heard.words.get("model", ""),
        effort=heard.words.get("effort", ""),
        estimate=heard.words.get("estimate", ""),
        risk=heard.words.get("risk", ""),
        workflow=heard.words.get("workflow", ""),
        repository=heard.words.get("repository", ""),
        merge=heard.words.get("merge", ""),
        budget_usd=_money(heard.words.get("budget", "")),
        files=lists.get("files") or tuple(dict.fromkeys(heard.changed))[:_MOST],
        acceptance=lists.get("acceptance", ()),
        verify=lists.get("verify", ()),
        resources=lists.get("resources", ()),
        changes_nothing=heard.nothing and not lists.get("files"),
    )


def _in_lines(lines: Sequence[str], heard: _Heard) -> None:
    """Line by line; the inside of a fenced block counts only where commands are listed."""
    fence, shell, comment = "", False, False
    inside: list[str] = []
    for line in lines:
        opened = _FENCE.match(line)
        if comment or (not fence and line.lstrip().startswith("<!--")):
            comment = "-->" not in line
        elif fence:
            if opened and opened[1].startswith(fence):
                fence = ""
                heard.command(*listed(inside))
                inside = []
            elif shell:
                inside.append(line)
        elif opened:
            fence = opened[1]
            shell = heard.listing == "verify" and opened[2].lower() in {"bash", "sh", "shell", "console", "zsh"}
        else:
            _line(line, heard)


def _line(line: str, heard: _Heard) -> None:
    bare = line.strip()
    if not bare:
        heard.listing = heard.listing if heard.headed or heard.listing else None
        return
    if heading := _HEADING.match(line):
        heard.listing, heard.headed = HINTS.get(_spoken(heading[1])), True
        return
    if row := _ROW.match(line):
        if (hint := HINTS.get(_spoken(row[1]))) in WORDS and hint:
            heard.add(hint, row[2])
        return
    parts = _DOTS.split(bare) if "*" in bare or "_" in bare else [bare]
    fields = [_field(part) for part in parts]
    if any(fields):
        for found in fields:
            if found:
                heard.listing, heard.headed = (found[0], False) if not found[1] else (heard.listing, heard.headed)
                _value(found, heard)
        if len(parts) == 1 and not bare.startswith(("-", "*", "+")) and fields[0] and fields[0][1]:
            heard.listing = None
        return
    bullet = bare.startswith(("- ", "* ", "+ ")) or bool(re.match(r"\d{1,3}[.)]\s", bare))
    if heard.listing == "files" and bullet and _STEP.match(bare):
        heard.listing, heard.headed = None, False
    if heard.listing and heard.listing not in WORDS and (bullet or heard.headed):
        heard.add(heard.listing, re.sub(r"^\d{1,3}[.)]\s+", "", plain(line)) if bullet else plain(line))
        return
    if not bullet:
        heard.listing, heard.headed = None, False
    if ran := _RUNS.match(bare):
        heard.command(*named(ran["what"]))
    heard.changed += _changed(bare.lstrip("-*+ []x"))


def _changed(text: str) -> list[str]:
    """The files in the sentences of `text` that say what is changed: "Edits `a.py`", "Update src/b.py too"."""
    if "`" not in text and "/" not in text:
        return []
    told = [one for one in _SENTENCES.split(text[:_LONGEST_LINE]) if _CHANGES.match(one)]
    coded = [one for sentence_ in told for span in spans(sentence_) for one in paths(span)]
    return coded or [one for sentence_ in told for one in paths(sentence_) if "/" in one.strip("/")]


def _value(found: tuple[Hint, str], heard: _Heard) -> None:
    if found[1]:
        heard.add(*found)


def _field(text: str) -> tuple[Hint, str] | None:
    """(hint, value) of `Name: value` or `- Name: value`, also within emphasis (`_Requirements: 1.1_`)."""
    named = field_of(text)
    hint = HINTS.get(named[0]) if named else None
    if not named or hint is None:
        return None
    name, value = named[0], named[1].strip("*_ ")
    if name in TIMID and value and not (paths(value) or spans(value)):
        return None
    if hint == "repository" and not may_be_repository(name, value):
        return None
    if hint == "merge" and not strategy(value):
        return None
    if name in {"requirements", "requirement", "validates", "anforderungen"} and value:
        value = f"Requirements: {value}"
    return hint, value


def _spoken(name: str) -> str:
    return " ".join(re.sub(r"[^\w\s'.-]", " ", name.replace("_", " ")).lower().split())


def _in_text(text: str, heard: _Heard) -> None:
    """Fields within one line of running text."""
    for opened in _INLINE.finditer(text) if ":" in text else ():
        hint, rest = HINTS[opened[1].lower()], text[opened.end() : opened.end() + _LONGEST]
        heard.add(hint, only_word(rest) if hint == "repository" else sentence(rest))


def _files(value: str) -> tuple[str, ...]:
    named = paths(value)
    if named or value.strip("*_`. ").lower() in NOTHING:
        return named
    parts = (
        [part.strip("` *") for part in value.split(",")] if "," in value else list(spans(value)) or [value.strip("` ")]
    )
    return tuple(part for part in parts if part and " " not in part and not part.startswith("("))


def _claims(value: str) -> tuple[str, ...]:
    """What is claimed: names, each with a number or without; () for a value of which a part is none."""
    parts = [part.strip("` *") for part in re.split(r"\s*[,;+&]\s*|\s+(?:and|und|y|et)\s+", value.rstrip("."))]
    return tuple(parts) if all(CLAIM.fullmatch(part) for part in parts) else ()


def _money(value: str) -> float | None:
    """US dollars; other currencies are not converted and count as not stated."""
    found = _MONEY.fullmatch(value.strip())
    return float(found[1].replace(",", ".")) if found else None
