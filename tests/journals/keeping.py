"""Makes a stored journal of a run that was really made: `python tests/journals/keeping.py RUN NAME`.

Paths of the machine, its name and its user are taken out, and the chain of sums is made anew. A journal that is stored
is never edited and never made again: it is what this version wrote.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from summing_up import summary

from orch_tui.core.codec import VERSION
from orch_tui.store import journal
from orch_tui.store.layout import RunDir
from orch_tui.store.record import encode
from orch_tui.store.replay import Replay

HERE = Path(__file__).resolve().parent


def keep(run: Path, name: str) -> None:
    """Store the journal of a run as `version-N-NAME`."""
    root = run.parents[2]
    words = {str(root.parent): "/home/you", os.uname().nodename: "machine", "root@": "you@"}
    told, lines = Replay(RunDir(run)), rewritten(run, words)
    told.read_all()
    words[told.state.graph_sha] = replayed(lines).graph_sha  # what covers a path is another one without it
    lines = rewritten(run, words)
    target = HERE / f"version-{VERSION}-{name}.jsonl"
    target.write_bytes(b"".join(lines))
    target.with_suffix(".txt").write_text(summary(replayed(lines)), encoding="utf-8")


def rewritten(run: Path, words: dict[str, str]) -> list[bytes]:
    """The lines of its journal with other words."""
    tail, crc, lines = journal.Tail(run / "journal"), 0, list[bytes]()
    while records := tail.read():
        for record in records:
            line, crc = encode(replace(record, data=scrubbed(record.data, words), boot="b" * 32), crc)
            lines.append(line)
    return lines


def scrubbed(data: Any, words: dict[str, str]) -> Any:
    """The same without what is this machine's."""
    said = json.dumps(data)
    for word, other in words.items():
        said = said.replace(word, other)
    return json.loads(said)


def replayed(lines: list[bytes]) -> Any:
    """The state that a journal comes to."""
    with tempfile.TemporaryDirectory() as place:
        run = RunDir(Path(place) / "run")
        run.journal.mkdir(parents=True)
        journal.segment(run.journal, 1).write_bytes(b"".join(lines))
        replay = Replay(run)
        replay.read_all()
        return replay.state


if __name__ == "__main__":
    keep(Path(sys.argv[1]).resolve(), sys.argv[2])
