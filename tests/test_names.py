"""Every name that is looked for is there, or it is said why not."""

import pytest

from tests import names


@pytest.mark.parametrize("group", list(names.asked()))
def test_every_name_is_there_or_has_a_reason(group: str) -> None:
    assert [name for name in names.missing(names.asked()[group]) if name not in names.MISSING] == []


def test_a_reason_is_for_a_name_that_is_missing() -> None:
    gone = {name for group in names.asked().values() for name in names.missing(group)}
    assert set(names.MISSING) <= gone
    assert all(reason.strip() for reason in names.MISSING.values())


def test_no_group_asks_for_a_name_twice() -> None:
    for group in names.asked().values():
        assert len(set(group)) == len(group)
