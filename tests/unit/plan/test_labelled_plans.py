"""Whole plans against their labels in tests/plans: ids, titles, done marks, dependencies, findings."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from orch_tui.plan.decoding import decode
from orch_tui.plan.export import as_json
from orch_tui.plan.parsing import parse

PLANS = Path(__file__).parents[2] / "plans"
LABELS = sorted(PLANS.glob("*.expected.yaml"))


def written(label: Path) -> Path:
    """The plan beside a label; it may be Markdown, JSON, JSON lines or YAML."""
    name = label.name.removesuffix(".expected.yaml")
    return next(
        path for kind in ("md", "json", "jsonl", "yaml") if (path := label.with_name(f"{name}.{kind}")).exists()
    )


@pytest.mark.parametrize("label", LABELS, ids=lambda path: path.name.split(".")[0])
def test_a_labelled_plan_comes_out_as_its_label_says(label: Path) -> None:
    expected = yaml.safe_load(label.read_text())
    plan = as_json(parse(decode(written(label).read_bytes())))
    got = [(s["id"], s["title"], s["done"], set(s["depends_on"])) for s in plan["sections"]]
    assert got == [(s["id"], s["title"], s["done"], set(s["depends_on"])) for s in expected["sections"]]
    found = sorted((f["type"], f["ids"]) for f in plan["findings"])
    assert found == sorted((f["type"], f["ids"]) for f in expected["findings"])


def test_a_plan_pasted_twice_into_one_file_is_still_read() -> None:
    for text in (decode(written(label).read_bytes()) for label in LABELS):
        assert parse(f"{text}\n\n{text}").sha256


def test_there_are_labelled_plans() -> None:
    assert len(LABELS) >= 20


def test_the_score_tells_for_each_type_which_plans_have_it_miss_it_or_are_told_of_it_without_need(
    tmp_path: Path,
) -> None:
    written = {
        "circle": ("# P\n## Task 1: a\nDepends on: 2\n## Task 2: b\nDepends on: 1\n", ["cycle"]),
        "silent": ("# P\n## Task 1: a\n## Task 2: b\n", []),
        "text": ("# P\n## Task 1: a\nDepends on: none\n## Task 2: b\nDepends on: 1\n", ["duplicate-id"]),
    }
    for name, (text, types) in written.items():
        (tmp_path / f"{name}.md").write_text(text)
        listed = [{"type": one, "ids": []} for one in types]
        (tmp_path / f"{name}.expected.yaml").write_text(yaml.safe_dump({"sections": [], "findings": listed}))
    score = Path(__file__).parents[3] / "benchmarks" / "finding_score.py"
    told = subprocess.run(
        [sys.executable, str(score), str(tmp_path)], capture_output=True, text=True, check=True
    ).stdout
    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in told.splitlines()}
    assert rows["cycle"] == "1 0 0 P 1.00 R 1.00"
    assert rows["duplicate-id"] == "0 1 0 P 1.00 R 0.00 -text.md"
    assert rows["no-dependencies-stated"] == "0 0 1 P 0.00 R 1.00 +silent.md"
    assert rows["these"] == "six 1 1 1 right in 0.333"
