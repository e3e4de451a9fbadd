"""`python -m orch_tui.pipelines DIRECTORY`: answer `request.json`, tell on stdout what goes on, leave `result.json`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sys
import traceback
from pathlib import Path

from orch_tui.pipelines import told
from orch_tui.pipelines.asking import REQUEST, RESULT, SCRATCH
from orch_tui.pipelines.second_reader import review
from orch_tui.store import files
from orch_tui.store.layout import private_dir


def main() -> int:
    """Entry point. A mistake of our own is a result too; its traceback goes to stderr, the question's log."""
    directory = Path(sys.argv[1])
    scratch = private_dir(directory / SCRATCH)
    try:
        request = told.decode_request(files.read_bytes(directory / REQUEST))
        result = asyncio.run(review(request, dict(os.environ), scratch, _notify))
    except Exception as error:  # noqa: BLE001
        traceback.print_exc()
        words = f"a mistake in orch-tui: {type(error).__name__}: {error}"
        result = told.Result(outcome="failed", message=words)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    files.replace(directory / RESULT, told.encode(result))
    return 0


def _notify(words: str) -> None:
    with contextlib.suppress(BrokenPipeError):  # the runner is gone; the answer is paid for, and the next one takes it
        sys.stdout.write(json.dumps({"notice": words}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
