"""How plans name their items: the generic words, what an id looks like, and keys under which spellings are the same."""

from __future__ import annotations

import re
import unicodedata

from orch_tui.plan.remembered import remembered
from orch_tui.plan.trie import alternatives

_GENERIC: dict[str, str] = {
    "section": "sections seção sección seccion sezione abschnitt abschnitte abschnitten раздел",
    "phase": "phases phasen fase fases fasen fasi faza фаза 阶段 階段 フェーズ 단계",
    "step": "steps schritt schritte schritten paso pasos étape étapes etape etapes passo passos stap stappen шаг 步骤"
    " 步驟 ステップ",
    "task": "tasks aufgabe aufgaben tarea tareas tâche tâches tache taches tarefa tarefas taak taken задача 任务 任務"
    " タスク 작업",
    "part": "parts teil teile teilen parte partes partie parties deel часть 部分",
    "milestone": "milestones meilenstein meilensteine meilensteinen hito hitos jalon jalons marco marcos mijlpaal"
    " 里程碑 マイルストーン",
    "stage": "stages etappe etappen etapa etapas tappa этап 段階",
    "slice": "slices",
    "story": "stories historia historias ストーリー 故事",
    "epic": "epics épica エピック",
    "issue": "issues 課題 イシュー",
    "ticket": "tickets チケット",
    "item": "items 项目",
    "wave": "waves welle wellen vague vagues ola olas ウェーブ 波次",
    "tier": "tiers",
    "feature": "features 功能",
    "todo": "todos",
    "chapter": "chapters kapitel",
    "chunk": "chunks",
    "bug": "bugs",
    "job": "jobs",
    "bloc": "blocs bloque bloques",
    "chantier": "chantiers",
    "deliverable": "deliverables entregable entregables",
    "sprint": "sprints スプリント 冲刺",
    "track": "tracks",
    "workstream": "workstreams",
    "stream": "streams",
    "group": "groups gruppe",
    "iteration": "iterations iterationen 迭代",
    "batch": "batches lot lots",
    "block": "blocks",
    "unit": "units",
    "module": "modules modul モジュール 模块",
    "initiative": "initiatives",
    "package": "packages paket pakete paketen",
    "workpackage": "workpackages work-package work-packages wps arbeitspaket arbeitspakete arbeitspaketen",
    "layer": "layers",
    "level": "levels",
    "bead": "beads",
    "plan": "plans pläne",
    "pr": "prs",
    "agent": "agents",
    "session": "sessions",
    "lane": "lanes",
    "increment": "increments inkrement inkremente",
    "subtask": "subtasks sub-task sub-tasks",
    "piece": "pieces baustein bausteine bausteinen",
    "measure": "maßnahme maßnahmen",
    "week": "weeks woche wochen semana semanas semaine semaines",
    "day": "days tag tage día días",
}
"""The words that only say "a piece of work", with their plurals and what they are called in other languages."""
_LABEL_OF = {word: name for name, more in _GENERIC.items() for word in (name, *more.split())}
LABELS = frozenset(_LABEL_OF)
"""Words that only say "a piece of work"; never part of an id."""
GENERIC = LABELS - frozenset(
    word for name in ("agent", "session", "plan", "week", "day") for word in (name, *_GENERIC[name].split())
)
"""Those of them that say nothing in a title either: "agent" does, in "Agent Registry"."""
_SHORT = {"ap": "workpackage", "wp": "workpackage"}
"""Short forms, which are generic words only where a blank sets them off from the number: "AP 3", "WP B1"."""
LABEL = "(?:" + alternatives(sorted(LABELS)).replace(r"\-", "[- ]") + r"|(?:ap|wp)(?=\s#?[A-Za-z]?\d))"
"""Regular expression for one such word."""
AFTER = r"(?![A-Za-z0-9_À-ɏ])"
BEFORE = r"(?<![A-Za-z0-9_À-ɏ-])"
"""Word boundaries that hold between Latin letters only: Chinese and Japanese put no blank after "#3"."""
ID = (
    r"#?(?:[a-z][a-z0-9]{0,11}-(?:story|task|epic|phase|step|sprint|slice|issue|ticket|wp)-\d{1,4}(?:\.\d{1,4}){0,2}"
    r"|[A-Za-z]{1,20}[-_]?\d{1,9}(?:[.-](?:\d{1,9}|[A-Za-z]{1,3}\d{1,4}|[α-ω])){0,4}[a-z]?"
    r"|[A-Z]{1,8}(?:\.[A-Z]{1,4}){0,2}\.\d{1,4}(?:\.\d{1,4}){0,2}[a-z]?"
    r"|[A-Z]{1,8}(?:-[A-Z][A-Z0-9]{0,11}){1,2}-\d{1,6}[a-z]?"
    r"|[A-Z]{1,4}-[A-Z](?![A-Za-z-])"
    r"|(?:TASK|TAREA|WP|STEP|ISSUE|STORY|TICKET)-[A-Z]{2,12}(?![A-Za-z-])"
    r"|[a-z]{2,8}-(?=[a-z]*\d)[a-z0-9]{2,8}(?:\.\d{1,4}){0,3}"
    r"|\d{1,9}(?:\.\d{1,9}){0,4}(?:[a-z]|[A-Z]\d{0,2})?"
    r"|[A-Z]{1,2})" + AFTER
)
"""Regular expression for an id: `A`, `3`, `2.1`, `T012`, `PROJ-101`, `#42`, `S1-T3`."""
GAP = r"(?:[\s:#_-]{1,3}|(?=\d))"
"""Between a generic word and its id: "Phase 2", "Task-3", "フェーズ2"."""
_ARTICLES = "work works the a an this that our der die das den dem des ein eine el la los las un una le les une"
_FILLER = GENERIC | frozenset(_ARTICLES.split())
_KEY_PARTS = re.compile(r"[^\W\d_]+|\d+|[.~-]")
_WORDS = re.compile(r"[^\W_]+")
_LONGEST = 200


@remembered
def id_key(text: str) -> str:
    """One spelling for all spellings of an id: case, punctuation and leading zeros do not count (`T-012` -> `t12`)."""
    out: list[str] = []
    mark = ""
    for part in _KEY_PARTS.findall(unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()):
        if part in {".", "~", "-"}:
            mark = part
            continue
        joint = ""
        if part.isdigit():
            joint = (mark or "-") if out and out[-1][-1].isdigit() else mark.strip(".-")
        out.append(joint + (part.lstrip("0") or "0" if part.isdigit() else part))
        mark = ""
    return "".join(out)


@remembered
def words(text: str) -> tuple[str, ...]:
    """The words of a title in one spelling; "and" is left out, since plans write "&" as often."""
    found = _WORDS.findall(unicodedata.normalize("NFKC", text[:_LONGEST]).casefold())
    return tuple(word for word in found if word != "and")


def core(title: tuple[str, ...]) -> tuple[str, ...]:
    """Words without generic ones at either end: "the Agent Registry slice" -> "agent registry"; never empties them."""
    first, last = 0, len(title)
    while first < last and title[first] in _FILLER:
        first += 1
    while last > first and title[last - 1] in _FILLER:
        last -= 1
    return title[first:last] or title


def label(word: str) -> str:
    """The generic word in English, lower case and singular: "Sections" -> "section", "Phasen" -> "phase"; else ""."""
    written = word.strip().casefold().replace(" ", "-")
    return _LABEL_OF.get(written) or _SHORT.get(written, "")


def id_from_title(title: str) -> str:
    """The id of an item that has none: its words in lower case, joined by hyphens, at most 80 characters."""
    found = _WORDS.findall(unicodedata.normalize("NFKC", title[:_LONGEST]).casefold())
    return "-".join(found)[:80].rstrip("-") or "section"
