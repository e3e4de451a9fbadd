"""Who follows whom in an order that is stated for all, where single items say that they wait for less."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set

from orch_tui.plan.reading import Order


def followed(
    order: Order, *, own: Set[int], freed: Set[int], together: Callable[[int, int], bool]
) -> Iterator[tuple[int, int]]:
    """Pairs of an earlier and a later item: every item waits for the group before.

    In an implied order items of `own` words and those that need nobody (`freed`) do not wait; a group of the latter, or
    one that is said to run beside the group before (`together`), joins it, and the next waits for both. One beside
    several groups waits for what these wait for.
    """
    passed: list[list[int]] = []
    held: list[int] = []
    for group in filter(None, order.groups):
        idle = order.implied and held and freed >= set(group)
        joins = idle or (order.implied and any(together(one, other) for one in group for other in held))
        if held and not joins:
            passed.append(held)
            held = []
        at = len(passed) - 1
        while joins and at >= 0 and any(together(one, other) for one in group for other in passed[at]):
            at -= 1
        before = passed[at] if at >= 0 else ()
        for item in group:
            if not order.implied or (item not in own and item not in freed):
                yield from ((upstream, item) for upstream in before if upstream != item)
        held += group
