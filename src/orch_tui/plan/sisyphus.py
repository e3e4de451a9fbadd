"""The family of oh-my-opencode (`.sisyphus/plans`): `- [ ] 3. Title` with **Blocked By**, waves, a dependency matrix.

Format: code-yeongyu/oh-my-opencode, Prometheus plans. Three places state order, and all count: the fields of a task,
the matrix (`- **5-8**: Depend on Wave 1 completion`), and the tree of waves for tasks that say nothing themselves.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from orch_tui.plan import statements
from orch_tui.plan.containers import above, all_containers, bare_title
from orch_tui.plan.document import Document
from orch_tui.plan.fields import Relation, is_field, is_none
from orch_tui.plan.marks import Mark, box
from orch_tui.plan.names import id_key
from orch_tui.plan.reading import Container, Reading, Statement, WorkItem

_TODO = re.compile(
    r"(?P<before>^|^.*?\S)[-*+]\s(?P<box>\[[ xX~-]\])\s+"
    r"(?P<id>(?:Task\s+)?[TF]?\d{1,4}[a-z]?(?:-F\d)?)[.:]\s+(?P<title>\S.*)$"
)
_SIGNS = re.compile(
    r"\*\*(?:Blocked By|Blocks|Parallel Group|Can Run In Parallel|Recommended Agent Profile|What to do)\*\*",
    re.IGNORECASE,
)
_BLOCKED = re.compile(r"\*\*(?:Blocked By|Blocks)\b", re.IGNORECASE)
_FIELD = re.compile(r"\W*(?:blocked by|blocks|unblocks|depends on|dependencies|parallelization)\W*:", re.IGNORECASE)
_TODOS = re.compile(r"\W*todos?\W*", re.IGNORECASE)
_FINAL = re.compile(r"\W*(?:(?:task|wave)\s+)?final\W*", re.IGNORECASE)
_WAVE = re.compile(r"^\W*(?P<name>Wave\s+(?P<id>\w{1,12}))\b(?P<rest>.*)$", re.IGNORECASE)
_MEMBER = re.compile(r"^[\s│|├└─+*\\-]*(?:Task\s+)?(?P<id>[TF]?\d{1,4}[a-z]?)\b\s*[:.(—–-]", re.IGNORECASE)
_MATRIX = re.compile(
    r"\W*(?:(?:task )?dependency matrix|matriz de depend[eê]nci|matrice d[ei]\w* d[ée]pendan|abhängigkeitsmatrix"
    r"|матрица зависимост|依赖矩阵|依賴矩陣|依存関係?マトリ|의존성 매트릭스)",
    re.IGNORECASE,
)
_ROW = re.compile(r"^\s*[-*+]\s+\*{0,2}(?P<who>[^*:|]{1,60}?)\*{0,2}\s*:\s*\*{0,2}\s*(?P<what>.+)$")
_TRIPLE = re.compile(r"^(?P<needs>[^()]*?)\s+[-–—−]\s+(?P<blocks>[^()]*?)(?:,\s*\w{1,6})?$")
_NUMBERS = re.compile(r"(?P<lead>[TF]?)(?P<first>\d{1,4})(?:\s*[-–]\s*[TF]?(?P<last>\d{1,4}))?", re.IGNORECASE)
_VERB = re.compile(
    r"^(?:(?:depends? on|blocked by|needs|requires|after|depende[mn]? d[eoa]s?|requiere|hängt ab von|benötigt"
    r"|dépend d[eu]s?)\s+|依赖于?\s*|依賴\s*)",
    re.IGNORECASE,
)
_ALL = re.compile(r"all\b", re.IGNORECASE)
_AGENT = re.compile(r"\s+[—–-]\s+`[^`]+`\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Todo:
    """A numbered todo: lines, mark, id as written, title. `told` is the line of its last telling, in its wave."""

    line: int
    told: int
    end: int
    mark: Mark
    id: str
    title: str


class SisyphusReader:
    """Reads plans of numbered todos with waves."""

    name = "sisyphus"

    def fits(self, document: Document) -> float:
        """Sure where two numbered todos say what blocks them or which agent suits them, or end in a final wave."""
        signs = [line for line in document.lines if _SIGNS.search(line)]
        said = len(signs) > 2 and any(_BLOCKED.search(line) for line in signs)
        listed = not said and any(_TODOS.fullmatch(heading.text) for heading in document.headings)
        todos = _todos(document) if said or listed else []
        return 0.975 if len(todos) > 1 and (said or any(_is_final(todo) for todo in todos)) else 0.0

    def read(self, document: Document) -> Reading:
        """The todos, and what fields, matrix and waves say."""
        todos = _todos(document)
        containers, number = all_containers(document, [False] * len(document.headings))
        starts = [heading.line for heading in document.headings]
        waves = _waves(document, todos)
        wave_of: dict[int, int] = {}
        for wave in waves:
            containers.append(wave.container)
            wave_of.update((member, len(containers) - 1) for member in wave.members)
        items: list[WorkItem] = []
        said: list[Statement] = []
        for at, todo in enumerate(todos):
            around = above(containers, number.get(bisect_right(starts, todo.told) - 1, -1))
            items.append(_item(document, todo, (wave_of[at], *around) if at in wave_of else around))
            visible = document.visible(todo.line + 1, todo.end)
            fields = [n for n in visible if _FIELD.match(document.line(n)) or is_field(document.line(n))]
            said += [one for n in fields for one in statements.in_lines(document, [n], item=at)]
        for offset, wave in enumerate(waves, len(containers) - len(waves)):
            said += statements.in_running_text(wave.rest, wave.container.line, container=offset)
        for at, container in number.items():
            heading = document.headings[at]
            aside = " ".join(f"({words})" for words in re.findall(r"\(([^()]+)\)", heading.text))
            said += statements.in_running_text(aside, heading.line, container=container)
            for number_ in document.visible(heading.line + 1, heading.end):
                quoted = document.line(number_)
                if quoted.strip() and not quoted.startswith(">"):
                    break
                said += statements.in_running_text(quoted, number_, container=container)
        first = len(containers) - len(waves)
        said += _matrix(document, todos, {wave.container.id.lower(): first + at for at, wave in enumerate(waves)})
        return Reading(items=tuple(items), containers=tuple(containers), statements=tuple(said))


def _todos(document: Document) -> list[_Todo]:
    """Todos at the left margin; one may be glued to the end of the line before it."""
    found: list[tuple[int, re.Match[str]]] = []
    for number, line in enumerate(document.lines, 1):
        if " [" not in line or document.hidden[number]:
            continue
        match = _TODO.match(line)
        if match and (not match["before"] or not match["before"].lstrip().startswith(("-", "* ", "+ "))):
            found.append((number, match))
    starts = [heading.line for heading in document.headings]
    out: list[_Todo] = []
    told: dict[tuple[str, str], int] = {}
    for at, (line, match) in enumerate(found):
        stop = found[at + 1][0] - 1 if at + 1 < len(found) else len(document.lines)
        after = bisect_right(starts, line)
        stop = max(line, min(stop, starts[after] - 1 if after < len(starts) else stop))
        todo = _Todo(
            line=line,
            told=line,
            end=document.trimmed(line, stop),
            mark=box(match["box"])[0],
            id=re.sub(r"(?i)task\s+", "", match["id"]),
            title=bare_title(_AGENT.sub("", match["title"]).replace("**", "")),
        )
        first = told.setdefault((todo.id.lower(), todo.title.lower()), len(out))
        if first == len(out):
            out.append(todo)
        else:
            out[first] = replace(out[first], told=line)
    return out


def _is_final(todo: _Todo) -> bool:
    """One of the last wave, which looks at the work of all others."""
    return todo.id[:1] in "Ff"


def _item(document: Document, todo: _Todo, chain: tuple[int, ...]) -> WorkItem:
    return WorkItem(
        id=todo.id,
        label="task",
        title=todo.title,
        line=todo.line,
        body_line=min(todo.line + 1, todo.end),
        end=todo.end,
        body=document.text(todo.line + 1, todo.end).strip("\n") if todo.end > todo.line else "",
        containers=chain,
        mark=todo.mark,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wave:
    """A wave of the tree: its container, the words after its name, the numbers of its todos."""

    container: Container
    rest: str
    members: tuple[int, ...]


def _waves(document: Document, todos: list[_Todo]) -> list[_Wave]:
    """The tree of waves in a fenced block."""
    place = _places(todos)
    out: list[_Wave] = []
    taken: set[int] = set()
    for fence in document.fences:
        if fence.language not in {"", "text", "txt", "plaintext"}:
            continue
        wave: tuple[int, re.Match[str]] | None = None
        members: list[int] = []
        for number in range(fence.line + 1, fence.end + 1):
            line = document.line(number) if number < fence.end else ""
            opened = _WAVE.match(line)
            if wave and (opened or number == fence.end):
                out += _wave(wave[0], wave[1], [one for one in members if one not in taken])
                taken |= set(members)
            if opened:
                wave, members = (number, opened), []
            elif wave and (member := _MEMBER.match(line)) and id_key(member["id"]) in place:
                members.append(place[id_key(member["id"])])
        if out:
            break
    return out


def _wave(line: int, found: re.Match[str], members: list[int]) -> list[_Wave]:
    container = Container(label="wave", id=found["id"], title=found["name"], line=line)
    return [_Wave(container=container, rest=found["rest"], members=tuple(members))] if members else []


def _places(todos: list[_Todo]) -> dict[str, int]:
    """Where a todo is by its id; the bare number of `T3` means it too."""
    out: dict[str, int] = {}
    for at, todo in enumerate(todos):
        out.setdefault(id_key(todo.id), at)
    for at, todo in enumerate(todos):
        if todo.id[:1] in "Tt":
            out.setdefault(id_key(todo.id[1:]), at)
        elif todo.id.isdigit():
            out.setdefault(id_key(f"T{todo.id}"), at)
    return out


def _matrix(document: Document, todos: list[_Todo], waves: dict[str, int]) -> list[Statement]:
    """The rows of a dependency matrix that is a list: `- **5-7**: 1-3 - 8-12, 2` is needs, blocks, wave."""
    said: list[Statement] = []
    place = _places(todos)
    for number in _matrix_lines(document):
        line = document.line(number)
        row = _ROW.match(line)
        if not row:
            continue
        wave = waves.get(row["who"].strip().lower().removeprefix("wave").strip(), -1)
        subjects = [] if wave >= 0 else _subjects(row["who"], place)
        if wave < 0 and _FINAL.fullmatch(row["who"]):
            subjects = [at for at, todo in enumerate(todos) if _is_final(todo)]
        for relation, text in _cells(row["what"].strip().replace("`", "")):
            meant = text
            if subjects and _ALL.match(text):
                meant = ", ".join(todo.id for at, todo in enumerate(todos) if at not in subjects)
            quote = line.strip()
            if wave >= 0:
                said.append(Statement(relation=relation, text=meant, quote=quote, line=number, container=wave))
            said += [Statement(relation=relation, text=meant, quote=quote, line=number, item=one) for one in subjects]
    return said


def _cells(what: str) -> list[tuple[Relation, str]]:
    """What a row says: what is needed ("none" for a dash), and what is blocked where it says so."""
    triple = _TRIPLE.match(what)
    needs, blocks = (triple["needs"], triple["blocks"]) if triple else (what, "")
    needed = _VERB.sub("", needs.strip())
    out: list[tuple[Relation, str]] = [("needs", needed if needed.strip("-–—− ") else "none")]
    if blocks.strip("-–—− ") and not is_none(blocks.strip()):
        out.append(("blocks", blocks.strip()))
    return out


def _matrix_lines(document: Document) -> list[int]:
    """Lines under a heading, or after a bold line, that calls itself a dependency matrix."""
    out: list[int] = []
    for heading in document.headings:
        if _MATRIX.match(heading.text):
            out += document.visible(heading.line + 1, heading.end)
    for number, line in enumerate(document.lines, 1):
        if line.startswith("**") and _MATRIX.match(line) and not document.hidden[number]:
            for after in range(number + 1, min(number + 200, len(document.lines)) + 1):
                text = document.line(after)
                if text.startswith(("#", "**", "---")):
                    break
                if not document.hidden[after]:
                    out.append(after)
    return list(dict.fromkeys(out))


def _subjects(words: str, place: dict[str, int]) -> list[int]:
    """The todos that a row is about: `5`, `T2`, `1-4`."""
    out: list[int] = []
    for found in _NUMBERS.finditer(words):
        last = int(found["last"] or found["first"])
        for value in range(int(found["first"]), min(last, int(found["first"]) + 500) + 1):
            key = id_key(f"{found['lead']}{value}")
            out += [place[key]] if key in place else []
    return out
