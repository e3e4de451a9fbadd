"""All invariants in one line each, and where each is looked at: by code at any time, or by the tests that prove it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`says` is what always holds; `looked_at` names the modules, or the test files, that look."""

    says: str
    looked_at: tuple[str, ...]


TABLE: dict[str, Row] = {
    "I1": Row(
        "what was acknowledged is never lost", ("invariants/directory.py", "tests/unit/store/test_journal_kill.py")
    ),
    "I2": Row(
        "records are numbered without a gap, chained, and epochs never fall",
        ("invariants/history.py", "invariants/directory.py"),
    ),
    "I3": Row("one runner writes at most", ("invariants/directory.py", "tests/unit/store/test_lock.py")),
    "I4": Row(
        "one attempt of a section lives at most, and one of each session",
        ("invariants/guard.py", "invariants/state.py"),
    ),
    "I5": Row("nothing is started without a durable intent", ("invariants/guard.py", "tests/process/test_kill.py")),
    "I6": Row(
        "what begins was intended, what ends was under way, and it ends once",
        ("invariants/guard.py", "invariants/state.py"),
    ),
    "I7": Row("what begins waits for nothing: what it needs is done, or a person waived it", ("invariants/guard.py",)),
    "I8": Row("what is done was checked after its agent ended, where its workflow checks", ("invariants/history.py",)),
    "I9": Row("tries, costs and statuses are folds of the journal", ("invariants/state.py", "invariants/directory.py")),
    "I10": Row("no agent begins where the budget is spent", ("invariants/guard.py", "tests/unit/core/test_budgets.py")),
    "I11": Row("a command has one outcome", ("invariants/guard.py",)),
    "I12": Row("a snapshot and the records behind it are what all records are", ("invariants/directory.py",)),
    "I13": Row(
        "the same records are the same state", ("invariants/directory.py", "tests/unit/store/test_earlier_journals.py")
    ),
    "I14": Row(
        "no worktree with work that is nowhere else is removed",
        ("tests/unit/git/test_worktrees.py", "tests/process/test_worktrees_left.py"),
    ),
    "I15": Row(
        "no process of an attempt that is over is left", ("invariants/directory.py", "tests/process/test_kill.py")
    ),
    "I16": Row("what waits has something that ends the wait", ("invariants/state.py", "invariants/guard.py")),
    "I17": Row("what is under way has a next step", ("invariants/state.py",)),
    "I18": Row(
        "what is carried out is what was approved",
        ("invariants/state.py", "invariants/guard.py", "tests/unit/engine/test_approved.py"),
    ),
    "I19": Row("a cockpit writes into inboxes only", ("tests/test_architecture.py",)),
    "I20": Row(
        "no control byte of a stranger reaches the terminal",
        ("tests/cli/test_hostile_text.py", "tests/unit/test_clean.py"),
    ),
    "I21": Row(
        "files of the state are 0600, directories 0700, all of them ours and none a link", ("invariants/directory.py",)
    ),
    "I22": Row("an end counts for the attempt that is under way, and for no other", ("invariants/guard.py",)),
    "I23": Row("steps of the clock and sleep change no verdict", ("tests/unit/engine/test_time_limits.py",)),
    "I24": Row(
        "whatever is wrong, the run can be read",
        ("tests/unit/store/test_journal_damage.py", "tests/cli/test_state_directory.py"),
    ),
}
