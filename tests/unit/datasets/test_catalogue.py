from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recx_agent.datasets import Catalogue, IdMap
from recx_agent.errors import ArtefactDamaged, UnknownAttribute, UnknownItem

CATALOGUE = Catalogue(
    ids=IdMap(["1", "2", "3", "4", "Heat"]),
    titles=("Amélie", "Heat", "amelie", "Amelie", "Alien"),
    attributes={
        "genre": (("Romance", "Comedy"), ("Crime",), ("Comedy", "Romance"), ("Comedy",), ("War",)),
        "mood": ((), ("tense",), (), (), ("War",)),
    },
    features=("genre",),
    descriptions=("", "d", "", "", ""),
)


@pytest.mark.parametrize(
    ("asked", "item"),
    [("1", 0), ("amelie", 0), ("  AMÉLIE ", 0), ("alien", 4), ("Heat", 4), ("heat", 1)],
)
def test_an_item_is_found_by_id_and_then_by_title(asked: str, item: int) -> None:
    assert CATALOGUE.find(asked) == item


def test_an_unknown_item_names_the_closest_titles() -> None:
    with pytest.raises(UnknownItem) as caught:
        CATALOGUE.find("Aliens")
    assert caught.value.closest[0] == "Alien"
    with pytest.raises(UnknownItem) as caught:
        CATALOGUE.find("zzzzzz")
    assert caught.value.closest == ()


def test_twins_have_equal_titles_and_attributes() -> None:
    assert CATALOGUE.twins == (0, 1, 0, 3, 4)


def test_values_and_who_has_them() -> None:
    assert CATALOGUE.values(0, "genre") == ("Romance", "Comedy")
    assert CATALOGUE.having("genre", "Comedy") == (0, 2, 3)
    assert CATALOGUE.having("genre", "none") == ()
    assert CATALOGUE.titled("AMELIE") == CATALOGUE.find("AMELIE")
    assert CATALOGUE.titled("1") is None
    assert len(CATALOGUE) == 5


def test_an_attribute_is_found_by_name_and_value_or_by_value() -> None:
    assert CATALOGUE.find_attribute("Genre=comedy") == ("genre", "Comedy")
    assert CATALOGUE.find_attribute("tense") == ("mood", "tense")


def test_an_attribute_that_is_none_or_not_clear_names_the_closest() -> None:
    with pytest.raises(UnknownAttribute) as caught:
        CATALOGUE.find_attribute("comedi")
    assert caught.value.closest[0] == "genre=Comedy"
    with pytest.raises(UnknownAttribute) as caught:
        CATALOGUE.find_attribute("war")
    assert set(caught.value.closest) == {"genre=War", "mood=War"}


def test_a_saved_catalogue_comes_back(tmp_path: Path) -> None:
    CATALOGUE.save(tmp_path)
    again = Catalogue.load(tmp_path)
    assert again.ids.ids == CATALOGUE.ids.ids
    for name in ("titles", "attributes", "features", "descriptions"):
        assert getattr(again, name) == getattr(CATALOGUE, name)


def test_a_table_that_is_no_catalogue(tmp_path: Path) -> None:
    pq.write_table(pa.table({"item_id": ["1"]}), tmp_path / "items.parquet")
    with pytest.raises(ArtefactDamaged, match=r"items\.parquet: no readable catalogue"):
        Catalogue.load(tmp_path)


def test_an_id_map_tells_what_is_in_it() -> None:
    assert "1" in CATALOGUE.ids
    assert "5" not in CATALOGUE.ids
    assert repr(CATALOGUE.ids) == "IdMap(5 ids)"
    with pytest.raises(KeyError):
        CATALOGUE.ids.internal("5")
