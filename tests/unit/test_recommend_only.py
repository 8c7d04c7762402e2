"""``Recx.recommend(only=…)``: the same scores, fewer candidates."""

from __future__ import annotations

from pathlib import Path

import pytest

from recx_agent import Recx
from recx_agent.errors import UnknownAttribute, Withheld


def test_only_items_with_every_attribute_come_in_the_order_they_had(
    planted_workspace: Path,
) -> None:
    with Recx.open(planted_workspace) as recx:
        every = recx.recommend("u0", 30).items
        having = recx.dataset.catalogue.having("genre", "Western")
        westerns = {recx.dataset.catalogue.ids.external(item) for item in having}
        wanted = [(i.item_id, i.score) for i in every if i.item_id in westerns]
        assert 3 < len(wanted) < len(every)
        for only in (["genre=Western"], ["Western", "genre=Film"]):
            found = recx.recommend("u0", 30, only=only).items
            assert [(i.item_id, i.score) for i in found] == wanted
            assert [i.rank for i in found] == list(range(1, len(wanted) + 1))
        out = recx.recommend("u0", 30, only=["Western"], exclude=[wanted[0][0]]).items
        assert [i.item_id for i in out] == [item_id for item_id, _ in wanted[1:]]
        assert recx.recommend("u0", 30, only=["Western", "Comedy"]).items == ()


def test_an_attribute_that_may_not_be_told_is_no_filter(planted_workspace: Path) -> None:
    hidden = {"sensitive": [{"attributes": ["genre=Western"]}]}
    with Recx.open(planted_workspace, privacy=hidden) as recx, pytest.raises(Withheld):
        recx.recommend("u0", only=["genre=Western"])


def test_an_attribute_that_nothing_has(planted_workspace: Path) -> None:
    with Recx.open(planted_workspace) as recx, pytest.raises(UnknownAttribute):
        recx.recommend("u0", only=["genre=Opera"])
