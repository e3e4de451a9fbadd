"""What gh and GitHub print about a pull request, and what is to be done about it."""

from __future__ import annotations

import json

import pytest

from orch_tui.errors import MachineError
from orch_tui.forge.pull_request import (
    PullRequest,
    Review,
    read_remarks,
    read_reviews,
    read_view,
    verdict,
    what_to_see_to,
)

HEAD = "a" * 40


def view(*checks: dict[str, str], state: str = "OPEN") -> PullRequest:
    return read_view(
        json.dumps(
            {"number": 7, "url": "u", "state": state, "headRefOid": HEAD, "statusCheckRollup": list(checks) or None}
        )
    )


def run(name: str, conclusion: str, status: str = "COMPLETED") -> dict[str, str]:
    return {"__typename": "CheckRun", "name": name, "status": status, "conclusion": conclusion, "detailsUrl": "d"}


def status(name: str, state: str) -> dict[str, str]:
    return {"__typename": "StatusContext", "context": name, "state": state, "targetUrl": "t"}


def review(by: str, state: str, *, commit: str = HEAD, body: str = "") -> Review:
    return Review(by=by, state=state, body=body, commit=commit)


def test_checks_of_both_kinds_are_read():
    read = view(
        run("a", "SUCCESS"),
        run("b", "NEUTRAL"),
        run("c", "", "IN_PROGRESS"),
        run("d", "TIMED_OUT"),
        status("e", "PENDING"),
        status("f", "ERROR"),
        status("g", "SUCCESS"),
    )
    states = {check.name: check.state for check in read.checks}
    assert states == {
        "a": "pass",
        "b": "pass",
        "c": "pending",
        "d": "fail",
        "e": "pending",
        "f": "fail",
        "g": "pass",
    }


@pytest.mark.parametrize(
    ("of", "reviews", "found"),
    [
        (view(), [], ("wait", "waits for a review")),
        (view(), [review("ada", "COMMENTED")], ("wait", "waits for a review")),
        (view(), [review("ada", "APPROVED")], ("approved", "approved by ada")),
        (view(), [review("ada", "APPROVED", commit="b" * 40)], ("wait", "waits for a review")),
        (view(), [review("ada", "CHANGES_REQUESTED")], ("changes", "ada asked for changes")),
        (view(), [review("ada", "CHANGES_REQUESTED"), review("ada", "APPROVED")], ("approved", "approved by ada")),
        (
            view(),
            [review("ada", "CHANGES_REQUESTED"), review("ada", "COMMENTED")],
            ("changes", "ada asked for changes"),
        ),
        (
            view(),
            [review("ada", "CHANGES_REQUESTED", commit="b" * 40), review("bob", "APPROVED")],
            ("wait", "waits for ada to look again"),
        ),
        (view(run("t", "FAILURE")), [review("ada", "APPROVED")], ("red", "failed: t")),
        (view(run("t", "", "QUEUED")), [review("ada", "APPROVED")], ("wait", "waits for t")),
        (view(state="MERGED"), [], ("merged", "merged")),
        (view(run("t", "FAILURE"), state="CLOSED"), [], ("closed", "closed")),
    ],
)
def test_what_follows_from_a_pull_request(of: PullRequest, reviews: list[Review], found: tuple[str, str]):
    assert verdict(of, reviews) == found


def test_pages_are_read_one_after_another():
    row = {"user": {"login": "ada"}, "state": "APPROVED", "body": None, "commit_id": HEAD}
    assert read_reviews(json.dumps([row]) + "\n" + json.dumps([row, {**row, "user": None}])) == (
        review("ada", "APPROVED"),
        review("ada", "APPROVED"),
        review("somebody", "APPROVED"),
    )


def test_only_what_was_said_of_the_head_is_to_be_seen_to():
    remarks = read_remarks(
        json.dumps(
            [
                {"user": {"login": "bob"}, "path": "f", "line": 3, "body": "why?", "original_commit_id": HEAD},
                {"user": {"login": "bob"}, "path": "f", "line": None, "body": "old", "original_commit_id": "b" * 40},
                {"user": {"login": "bob"}, "path": "g", "line": None, "body": "odd", "original_commit_id": HEAD},
            ]
        )
    )
    reviews = [
        review("ada", "CHANGES_REQUESTED", body="More.\n"),
        review("ada", "CHANGES_REQUESTED", body="Before.", commit="b" * 40),
        review("eve", "APPROVED", body="Nice."),
    ]
    of = view(run("t", "FAILURE"))
    assert list(what_to_see_to(of, reviews, remarks)) == [
        "Check t failed: d",
        "ada: More.",
        "f:3: bob: why?",
        "g: bob: odd",
    ]


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json", '{"number": 1, "state": "DRAFT", "headRefOid": "a"}'])
def test_what_is_no_pull_request_is_said(text: str):
    with pytest.raises(MachineError, match="expected"):
        read_view(text)


@pytest.mark.parametrize("text", ["{}", "[1]", "[", "null 3"])
def test_what_are_no_reviews_is_said(text: str):
    with pytest.raises(MachineError, match="expected"):
        read_reviews(text)
