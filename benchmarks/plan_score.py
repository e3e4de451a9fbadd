"""How well labelled plans are read: runs the scorer of a folder of labelled plans on this checkout.

    python benchmarks/plan_score.py [FOLDER] [--diff]        FOLDER, else the environment variable PLANS

The folder holds `score.py` and, in itself or in folders below it, plans `NAME.md` beside labels `NAME.expected.yaml`.
Below its figures stands a table of the types of findings (`finding_score.py`).
`--read FILE` prints one plan as JSON: that is what the scorer calls for every plan.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

from finding_score import labelled, table, tallies


def main(arguments: list[str]) -> int:
    """Runs the scorer and returns its exit code; 2 when there is no folder to score."""
    if arguments[:1] == ["--read"] and len(arguments) == 2:
        return read(Path(arguments[1]))
    named = [argument for argument in arguments if not argument.startswith("-")]
    folder = Path(named[0] if named else os.environ.get("PLANS", ""))
    scorer = folder / "score.py"
    if not (named or os.environ.get("PLANS")) or not scorer.is_file():
        where = repr(str(folder)) if named or os.environ.get("PLANS") else "no folder given"
        print(f"plan score: not measured: {where}: give a folder with score.py and labelled plans, or set PLANS")
        return 2
    plans = sorted({str(label.parent) for label in folder.rglob("*.expected.yaml")})
    command = f"{shlex.quote(sys.executable)} {shlex.quote(str(Path(__file__).resolve()))} --read {{file}}"
    flags = [argument for argument in arguments if argument.startswith("-")]
    code = subprocess.run([sys.executable, str(scorer), *plans, "--cmd", command, *flags], check=False).returncode
    print(f"\n{table(tallies(labelled(folder)))}")
    return code


def read(path: Path) -> int:
    """Prints the plan at `path` as the scorer wants it."""
    from orch_tui.plan.decoding import decode
    from orch_tui.plan.export import as_json
    from orch_tui.plan.parsing import parse

    print(json.dumps(as_json(parse(decode(path.read_bytes()))), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
