"""Tables of work: rows as items, dependency columns in either direction as statements, status columns as marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from orch_tui.clean import one_line
from orch_tui.plan.containers import bare_title, name_of, title_heading
from orch_tui.plan.document import Document
from orch_tui.plan.fields import Relation, field_relation
from orch_tui.plan.inline import unlinked
from orch_tui.plan.marks import Mark, heading_mark, spoken_word, status_word
from orch_tui.plan.names import ID, label
from orch_tui.plan.once import once
from orch_tui.plan.order_words import SOFT
from orch_tui.plan.phrases import in_text
from orch_tui.plan.reading import Statement, WorkItem
from orch_tui.plan.remembered import remembered
from orch_tui.plan.strata import Candidate, Stratum, is_no_work, is_work
from orch_tui.plan.tables import Row, Table, tables
from orch_tui.plan.trie import any_of

_ID_COLUMN = any_of("""
    no, no., nr, nr., num, number, id, ids, key, code, ref, wp, ap, ticket, tickets, ticket(s), nummer, número,
    numero,
    n°, №, номер, 编号, 序号, 番号, ナンバー
""")
_TITLE_COLUMN = any_of("""
    title, name, task, what, work, work item, work package, description, summary, item, feature, deliverable, scope,
    titel, aufgabe, bezeichnung, beschreibung, inhalt, was, arbeitspaket, título, titulo, tarea, descripción,
    descripcion,
    nombre, titre, tâche, nom, titolo, tarefa, descrição, 标题, 名称, 任务, 任务名称, 内容, 描述, 工作内容,
    タイトル, タスク名,
    タスク, 名前, 概要, 作業, название, задача, описание
""")
_STATUS_COLUMN = any_of("""
    status, state, progress, done, done?, stand, erledigt, fortschritt, zustand, estado, avance, statut, état,
    avancement,
    fertig, fertig?, erledigt?, finished, finished?, complete, complete?, completed, hecho, hecho?, listo, terminado,
    fait, fait ?, fait?, terminé, fatto, concluído, feito,
    stato, 状态, 进度, 完成情况, ステータス, 状態, 進捗, статус
""")
_TIME_COLUMN = any_of("""
    when, timing, deadline, due, latest, latest by, by when, not later than, start, starts, begins, earliest start,
    wann, zeitpunkt, frist, fällig, termin, spätestens, beginn, start frühestens, spätester zeitpunkt,
    frühester zeitpunkt, cuándo, momento, plazo, inicio, fecha límite, quand, échéance, moment, début, quando, prazo,
    时间, 时机, 开始时间, 时点, 時期, 着手時期, タイミング, 開始時期
""")
"""Columns of dates, whose cells may name other rows in words: "before B9"."""
_STATE = any_of("""
    ready, building, doing, backlog, review, in review, queued, next up, up next, bereit, in prüfung, en revisión,
    listo para empezar, à valider, 待办, 评审中, レビュー中
""")
"""Columns of a board, beside what says how far an item is."""
_SOON = re.compile(
    r"(?:directly|immediately|right|shortly|straight|soon|direkt|sofort|gleich|kurz|unmittelbar|inmediatamente|justo"
    r"|juste|immédiatement|directement|(?:week|woche|semana|semaine|q|kw|month|monat)\s?\d{1,2}(?: \d{4})?)?",
    re.IGNORECASE,
)
"""What stands before "after B9" and names nobody."""
_YES = re.compile(r"yes|y|ja|s[ií]|oui|sim|x|是|はい", re.IGNORECASE)
"""In a column of what is done."""
_CONSUMERS = frozenset(["consumer", "consumers", "consumed by"])
"""Columns of who takes what a row makes; in running text the word tells of programs."""
_RANK = 20
_INDEX = 0.58
"""How sure rows are the work of a plan that states no order: more than a bare numbered list, less than headings."""
_TOKEN = re.compile(r"\w[\w.-]*(?<=\w)")
_BLANKS = re.compile(r"\s+")
_FLAG = re.compile(r"\[[A-Za-z]{1,2}\]\s+(?=\S)")
"""`[P]` before an id."""
_MOST_ROWS_NUMBERED = 0.66
_A_WORD = 4
"""Letters of a name in the column of ids that is none: a row that sums up, "Total", leaves its other cells empty."""
_WORD = re.compile(r"[A-Za-zÀ-ÿ][a-zà-ÿ]+")
_COUNTED = re.compile(r"[A-Za-z]{2,20} \d{1,4}[a-z]?")
"""A word that is no generic one with a number, as "Gate 2" among `WP1`, `WP2`."""
_SERIES = re.compile(r"[A-Za-z]{2,20}[A-Za-z_-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Which columns of a table hold what; -1 when there is none."""

    id: int
    title: int
    status: int
    relations: tuple[tuple[int, Relation], ...]


@once
def strata(document: Document) -> tuple[Stratum, ...]:
    """Tables with a column of ids or titles, each a stratum; tables of the same columns or series of ids are one."""
    groups: dict[tuple[str, ...], list[Candidate]] = {}
    indices: set[tuple[str, ...]] = set()
    for table, columns in _with_columns(document):
        if columns.id < 0 and (columns.title < 0 or not columns.relations):
            continue
        found = _numbered_ones([one for row in table.rows if (one := _candidate(table, columns, row))])
        key = _key(table, columns, found)
        state = _state_above(document, table) if columns.id == 0 else ""
        key = ("board", _plain(table.header[0])) if state and key == table.header else key
        key = table.header if _repeats(groups.get(key, ()), found) else key
        groups.setdefault(key, []).extend(_in_state(found, state))
        if found and ((state and len(groups[key]) > len(found)) or _is_index(document, table, columns, found)):
            indices.add(key)
    return tuple(
        Stratum(members=tuple(found), rank=_RANK, unstated=_INDEX if key in indices else 0.0)
        for key, found in groups.items()
        if len(found) > 1
    )


def _state_above(document: Document, table: Table) -> str:
    """The heading above a table when it is a column of a board and nothing else: "Shipped", "In review"; else ""."""
    at = document.heading_at(table.line)
    title = name_of(document.headings[at].text).title if at not in {-1, title_heading(document)} else ""
    return title if _STATE.fullmatch(title) or status_word(title) else ""


def _in_state(found: Sequence[Candidate], state: str) -> list[Candidate]:
    """The cards of a column of a board, which are as far as it says."""
    mark = spoken_word(state)
    return [one if one.item.mark or not mark else replace(one, item=replace(one.item, mark=mark)) for one in found]


def _numbered_ones(found: list[Candidate]) -> list[Candidate]:
    """Without the rows that only sum up or look ahead, "Total", "later", where the others have numbers or letters."""
    numbered = {one.item.id for one in found if re.search(r"\d|^[A-Z]$", one.item.id)}
    if sum(one.item.id in numbered for one in found) < _MOST_ROWS_NUMBERED * len(found):
        return found
    return [one for one in found if one.item.id in numbered or not _WORD.fullmatch(one.item.id)]


def _key(table: Table, columns: _Columns, found: Sequence[Candidate]) -> tuple[str, ...]:
    """Under what a table goes on in another one: the letters that open its ids (`ISSUE-`), else its header."""
    letters = {one.item.id.rstrip("0123456789") for one in found}
    opening = next(iter(letters), "")
    if len(letters) == 1 and opening.isalpha() and opening.isupper() and columns.id >= 0:
        return opening, _plain(table.header[columns.id])
    return (opening,) if len(letters) == 1 and _SERIES.fullmatch(opening) else table.header


def _repeats(before: Sequence[Candidate], found: Sequence[Candidate]) -> bool:
    """Whether a table speaks of items that an earlier one lists, rather than going on with them."""
    known = {one.item.id for one in before}
    return any(one.item.id in known for one in found)


def _is_index(document: Document, table: Table, columns: _Columns, found: Sequence[Candidate]) -> bool:
    """Whether a table lists the work itself: its ids stand under a generic word or such a heading, not under risks."""
    if columns.id < 0:
        return False
    at = document.heading_at(table.line)
    above = name_of(document.headings[at].text) if at >= 0 else None
    if not label(_plain(table.header[columns.id])) and not (above and _says_work(above.title, table, columns)):
        return False
    distinct = len({one.item.id for one in found}) == len(found)
    return distinct and not (above and is_no_work(above.title) and not above.label)


def _says_work(heading: str, table: Table, columns: _Columns) -> bool:
    """Whether a heading calls the rows below it work: "Stories"; "Phase plan" does where rows have keys."""
    return bool(label(heading)) or (is_work(heading) and _own_ids(table, columns.id))


@once
def _with_columns(document: Document) -> tuple[tuple[Table, _Columns], ...]:
    """Every table with what its columns hold."""
    return tuple((table, columns_of(table)) for table in tables(document))


def columns_of(table: Table) -> _Columns:
    """Tells the columns apart by their names; a nameless first column of ids counts as the column of ids."""
    names = [_plain(name) for name in table.header]
    stated: dict[int, Relation] = {
        at: relation for at, name in enumerate(names) if at and (relation := _relation(name))
    }
    relations = tuple(stated.items())
    taken = {at for at, _ in relations}
    free = [at for at in range(len(names)) if at not in taken]
    by_name = [
        at
        for at in free
        if names[at] == "#" or _ID_COLUMN.fullmatch(names[at]) or (label(names[at]) and _ids(table, at))
    ]
    number = next((at for at in by_name if not names[at].startswith("#")), by_name[0] if by_name else -1)
    if number != 0 and free and free[0] == 0 and (_own_ids(table, 0) or (number < 0 and _ids(table, 0))):
        number = 0
    better = [
        at for at in free if at != number and at <= 2 and number == 0 and names[0] in {"#", "No", "No.", "Nr", "Nr."}
    ]
    own = next((at for at in better if _own_ids(table, at)), number)
    title = next((at for at in free if at not in {own, number} and _TITLE_COLUMN.match(names[at])), -1)
    if title < 0:
        title = next((at for at in free if at not in {own, number} and not _STATUS_COLUMN.match(names[at])), -1)
        title = title if own >= 0 and title == max(own, number) + 1 else -1
    status = next((at for at in free if _STATUS_COLUMN.match(names[at])), -1)
    return _Columns(id=own, title=title, status=status, relations=relations)


def _relation(name: str) -> Relation | None:
    """What a column of this name states; a column of wishes ("Nice to have first") states nothing."""
    bare = re.sub(r"\([^()]*\)|（[^（）]*）", " ", name).lower().replace("-", " ").replace("_", " ")
    bare = " ".join(bare.split())
    return None if SOFT.search(name) else "blocks" if bare in _CONSUMERS else field_relation(bare)


@remembered
def _plain(cell: str) -> str:
    bare = unlinked(cell).replace("**", "").replace("`", "")
    return _BLANKS.sub(" ", bare).strip(" *_")


def _ids(table: Table, column: int) -> bool:
    """Whether most cells of a column begin with an id, with or without a generic word."""
    cells = [_plain(row.cells[column]) for row in table.rows]
    named = sum(bool(name_of(cell).id or re.fullmatch(ID, cell)) for cell in cells)
    return bool(cells) and named * 2 > len(cells)


def _own_ids(table: Table, column: int) -> bool:
    """Whether all cells of a column are single words that look like keys (`gt-9ch`, `T1`), each another one."""
    cells = [_plain(row.cells[column]) for row in table.rows]
    keys = all(re.fullmatch(r"[A-Za-z][\w.-]*", cell) and (re.search(r"\d", cell) or "-" in cell) for cell in cells)
    return bool(cells) and keys and len(set(cells)) == len(cells)


def _candidate(table: Table, columns: _Columns, row: Row) -> Candidate | None:
    written = _FLAG.sub("", _plain(row.cells[columns.id])) if columns.id >= 0 else ""
    said = row.cells[columns.title] if columns.title >= 0 else ""
    name = name_of(written)
    first = written if _COUNTED.fullmatch(written) else written.split(" ")[0]
    number, generic = (name.id, name.label) if name.id else (first.strip("#[]()").rstrip("."), "")
    titled = name.title if name.id and name.title != name.id else ""
    title = titled or bare_title(_plain(said)) or (name.title if name.id else "")
    if columns.id < 0:
        named = name_of(_plain(said))
        number, generic, title = named.id, named.label, named.title
    if not title or (columns.id >= 0 and not number):
        return None
    generic = generic or (label(_plain(table.header[columns.id])) if number.isdecimal() and columns.id >= 0 else "")
    mark: Mark = _status(columns, row) or heading_mark(_plain(said)) or heading_mark(written)
    item = WorkItem(
        id=number,
        label=generic,
        title=one_line(title),
        line=row.line,
        body_line=row.line + 1,
        end=row.line,
        body="\n".join(
            [
                f"{heading}: {cell}"
                for name, cell in zip(table.header, row.cells, strict=False)
                if cell and (heading := _plain(name))
            ]
        ),
        mark=mark,
    )
    return Candidate(item=item)


def _status(columns: _Columns, row: Row) -> Mark:
    """What the column of states says; without one, any cell that says "done" instead of an estimate or an owner."""
    if columns.status >= 0:
        said = _plain(row.cells[columns.status])
        return "done" if _YES.fullmatch(said) else spoken_word(said)
    taken = {columns.id, columns.title, *(at for at, _ in columns.relations)}
    others = [_plain(cell) for at, cell in enumerate(row.cells) if at not in taken]
    return "done" if any(status_word(cell) == "done" for cell in others) else ""


def dependency_rows(document: Document) -> list[Statement]:
    """What the dependency columns say, each about the item that its row names."""
    out: list[Statement] = []
    for table, columns in _with_columns(document):
        if not columns.relations:
            continue
        taken = {at for at, _ in columns.relations}
        named = [columns.id if columns.id >= 0 else columns.title]
        named = [at for at in named if at >= 0] or [at for at in range(len(table.header)) if at not in taken][:1]
        for row in table.rows:
            who = _who(row, named[0]) if named else ""
            for at, relation in columns.relations:
                value = _unnamed(table.header[named[0]], _plain(row.cells[at])) or "–"
                if who and (row.cells[at].strip() or columns.id < 0 or re.search(r"\d", who) or len(who) < _A_WORD):
                    out.append(_statement(document, row, relation, who, value))
    return out


def _who(row: Row, column: int) -> str:
    """The words of a cell that name the item of its row: of "1. Requirements" the number."""
    cell = _FLAG.sub("", _plain(row.cells[column]))
    name = name_of(cell)
    return name.id if name.id.isdecimal() and not name.label and not name.loose else cell


def _unnamed(header: str, value: str) -> str:
    """A value without the word that heads the column of ids: "Gates 1–2" in a table of gates."""
    word = _plain(header)
    if not word.isalpha() or label(word):
        return value
    return re.sub(rf"\b{re.escape(word)}s?\s+(?=\d)", "", value, flags=re.IGNORECASE)


def state_rows(document: Document) -> list[Statement]:
    """What other columns say of order, each about its row: "blocked on Phase 5", "before B9", "only after P5".

    Words of a column that is neither of states nor of dates must name a row by its id.
    """
    out: list[Statement] = []
    for table, columns in _with_columns(document):
        at = columns.id if columns.id >= 0 else columns.title
        if at < 0:
            continue
        taken = {at, columns.id, columns.title, *(at for at, _ in columns.relations)}
        for column in (one for one in range(len(table.header)) if one not in taken):
            told = column == columns.status or bool(_TIME_COLUMN.fullmatch(_plain(table.header[column])))
            if told or columns.id >= 0:
                out += _told_in_words(document, table, at, column, loosely=not told)
    return out


def _told_in_words(document: Document, table: Table, named: int, column: int, *, loosely: bool) -> list[Statement]:
    """What the cells of a column say, each of the row that the `named` column names."""
    out: list[Statement] = []
    names = [_who(row, named) for row in table.rows]
    known = {name_of(who).id or who.split(" ")[0] for who in names if who} if loosely else set[str]()
    for who, row in zip(names, table.rows, strict=True):
        cell = _plain(row.cells[column])
        if not who or (loosely and known.isdisjoint(_TOKEN.findall(cell))):
            continue
        for said in in_text(cell):
            if said.field or said.aside or not (loosely or _SOON.fullmatch(said.subject)):
                continue
            one = _statement(document, row, said.relation, who, said.text)
            out.append(replace(one, field=False, negated=said.negated, weak=said.weak or loosely))
    return out


def _statement(document: Document, row: Row, relation: Relation, who: str, value: str) -> Statement:
    return Statement(
        relation=relation,
        text=value,
        quote=document.line(row.line).strip(),
        line=row.line,
        kind="table",
        field=True,
        subject=who,
        loose=True,
    )
