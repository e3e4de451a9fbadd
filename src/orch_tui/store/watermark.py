"""How far the journal was safe when its runner last looked: `watermark.json`, written about once a second.

A journal that lost its last records whole looks like one that never had them: no checksum can tell. But one that ends
before its watermark has lost what was acknowledged, and to go on from there would do it all a second time.
"""

from __future__ import annotations

import json

from orch_tui.errors import DamageError, StateError
from orch_tui.store import files
from orch_tui.store.journal import fits, segment
from orch_tui.store.layout import RunDir
from orch_tui.store.record import Position


def write(run: RunDir, position: Position) -> None:
    """Say that everything up to `position` is on disk. Raises OSError.

    It is not synced itself: an older one, or none, only knows less.
    """
    files.replace(run.watermark, json.dumps(position.as_dict()).encode(), durable=False)


def read(run: RunDir) -> Position:
    """What was said last; the beginning where nobody said anything that can be read."""
    try:
        data = files.read_json(run.watermark)
        return Position() if data is None else Position.of(data)
    except (DamageError, StateError):
        return Position()


def check(run: RunDir, mark: Position, end: Position) -> None:
    """Raise DamageError where a journal that was read up to `end` lacks the record of an earlier watermark."""
    if end.seq < mark.seq:
        what = f"ends behind record {end.seq} of {segment(run.journal, end.segment).name}"
    elif (end.seq == mark.seq and end.crc != mark.crc) or not fits(run.journal, mark):
        what = f"holds another record {mark.seq} in {segment(run.journal, mark.segment).name}"
    else:
        return
    raise DamageError(
        f"the journal of run {run.name!r} is damaged: it {what}, but {run.watermark.name} says that record {mark.seq} "
        "was safe. The run is read-only",
        hint=f"restore {str(run.journal)!r} from a copy; only if what came later may be done once more, remove "
        f"{str(run.watermark)!r}",
    )
