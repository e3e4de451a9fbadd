"""The mends that a plan brings along, in a file beside it or in its front matter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orch_tui.errors import PlanError
from orch_tui.plan.document import scan
from orch_tui.plan.mend_file import KEY, Brought, load, load_front_matter
from orch_tui.plan.model import Plan
from orch_tui.store.layout import mends_beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """Mends and where they stand, for a person; `unused` says what else there is and is not used, or ""."""

    name: str
    brought: Brought
    unused: str = ""


def come_along(path: Path, text: str, plan: Plan) -> Along | None:
    """The mends that come with the plan at `path`, whose `text` was read as `plan`; None when there are none.

    Raises PlanError when they cannot be read: whoever wrote them wants them used.
    """
    beside = mends_beside(path)
    stated = KEY in plan.settings
    if beside.is_file():
        unused = f"{KEY!r} in the front matter is not used: {beside.name} stands beside the plan." if stated else ""
        return Along(name=beside.name, brought=_read(beside), unused=unused)
    if stated:
        return Along(name=f"the front matter of {path.name}", brought=_front_matter(path, text))
    return None


def _read(beside: Path) -> Brought:
    try:
        return load(beside.read_text(encoding="utf-8"))
    except PlanError as error:
        raise PlanError(f"{beside.name}: {error}", hint="mend that file, or move it away") from error
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(f"{beside.name} cannot be read: {error}", hint="mend that file, or move it away") from error


def _front_matter(path: Path, text: str) -> Brought:
    document = scan(text)
    assert document.front_matter is not None, "its settings were read from it"
    first, last = document.front_matter
    try:
        return load_front_matter(document.text(first, last), first_line=first)
    except PlanError as error:
        raise PlanError(f"{path.name}: {error}", hint=f"mend `{KEY}:` in the front matter, or remove it") from error
