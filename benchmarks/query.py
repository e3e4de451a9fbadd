"""`orch-tui query` and `status --json` as whole processes, beside the same interpreter doing nothing."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from measure import PROGRAM, Row, milliseconds, project, quantile, show
from throughput import layered


def main() -> None:
    quick = "--quick" in sys.argv
    times, sections = (10, 50) if quick else (30, 1000)
    with project(layered(sections, isolation="none", body="true")) as place:
        place.call("run", "plan.md", "--headless")  # read, and left waiting for approval
        asked = {"cwd": place.root, "env": place.env}
        script = Path(sys.executable).with_name("orch-tui")
        program = [str(script)] if script.exists() else [shutil.which("orch-tui") or "", *PROGRAM][-3:]
        bare = milliseconds([sys.executable, "-c", "pass"], times=times, **asked)
        rows = []
        for name, words in {"query": ["query"], "status --json": ["status", "--json"], "status": ["status"]}.items():
            taken = milliseconds([*program, *words], times=times, **asked)
            for share in (0.5, 0.95):
                target = "under 50 ms" if name != "status" else ""
                what = f"{name}, {'median' if share == 0.5 else 'p95'} of {times}"
                rows.append(
                    Row(what=what, value=quantile(taken, share), unit="ms", bare=quantile(bare, share), target=target)
                )
        place.call("cancel")
    show(f"whole process on a run of {sections} sections; bare: python -c pass", rows)


if __name__ == "__main__":
    main()
