"""The garbage collector is as it was after work with very many objects, whatever happened."""

import gc

import pytest

from taiga_crm.kernel.garbage import SELDOM, seldom_collected


def test_the_collector_looks_seldom_and_is_then_as_it_was() -> None:
    before = gc.get_threshold()
    with seldom_collected():
        assert gc.get_threshold() == (SELDOM, *before[1:])
    with pytest.raises(ValueError, match="stop"), seldom_collected():
        raise ValueError("stop")
    assert gc.get_threshold() == before
