"""Safe names for files, worktrees and branches, made from what people call a section."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 64
"""Characters of a slug at most."""
_UNSAFE = re.compile(r"[^A-Za-z0-9_]+")
_RESERVED = frozenset(
    {"git", "head", "con", "prn", "aux", "nul", "lock", "tmp", "new", "cur"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in range(10)}
)
"""Names with a meaning of their own to git, to Windows or to a maildir-like folder; compared in lower case."""


def slugs(names: Iterable[tuple[str, str]], besides: Iterable[str] = ()) -> list[str]:
    """One slug for each (id, title), in order: `^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`, unique also when case is ignored.

    The id alone decides where it can; the title helps out when nothing of the id is usable. `besides` are taken.
    """
    taken = {slug.lower() for slug in besides}
    out: list[str] = []
    for number, (written, title) in enumerate(names, 1):
        base = _safe(written) or _safe(title) or f"section-{number}"
        if base.lower() in _RESERVED:
            base = f"s-{base}"
        slug = _free(base, taken)
        taken.add(slug.lower())
        out.append(slug)
    return out


def _safe(text: str) -> str:
    """`text` reduced to the allowed characters; accents are dropped, everything else becomes a hyphen."""
    plain = unicodedata.normalize("NFKD", text[: LONGEST * 4]).encode("ascii", "ignore").decode("ascii")
    return _UNSAFE.sub("-", plain).strip("-_")[:LONGEST].rstrip("-_")


def _free(base: str, taken: set[str]) -> str:
    """`base`, or `base-2`, `base-3` ... whichever is first not taken, within the length."""
    slug, count = base, 1
    while slug.lower() in taken:
        count += 1
        tail = f"-{count}"
        slug = base[: LONGEST - len(tail)] + tail
    return slug
