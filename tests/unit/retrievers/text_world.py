"""A few films, and what some users wrote."""

from __future__ import annotations

from dataclasses import replace

from recx_agent.datasets import Catalogue, Dataset
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.retrievers import ChromaIndex, ChromaRetriever
from tests.unit.retrievers.small_world import HashingEmbedder, Row, make_dataset, make_model

TITLES = {
    "heat": "Heat",
    "alien": "Alien",
    "solaris": "Solaris",
    "up": "Up",
}
ABOUT = {
    "heat": "bank robbers and police in the city",
    "alien": "monster on a space ship",
    "solaris": "slow dreams on a space station",
    "up": "old man and balloons",
}
ROWS = [
    Row("ann", "heat", 5.0, 10, text="great police film in the big city"),
    Row("ann", "up", 1.0, 20, text="balloons are for children"),
    Row("ann", "alien", 4.0, 30),
    Row("ann", None, None, 40, "search", text="space station"),
    Row("ann", None, None, 50, "search", text="space monster"),
    Row("bob", "solaris", 5.0, 60, text="slow dreams on a space station"),
    Row("cid", "up", 5.0, 70),
]


def with_catalogue(dataset: Dataset, about: dict[str, str]) -> Dataset:
    kinds = tuple(("Drama",) if item != "up" else ("Drama", "Family") for item in TITLES)
    links = tuple((f"http://films/{item}",) for item in TITLES)
    catalogue = Catalogue(
        dataset.catalogue.ids,
        dataset.catalogue.titles,
        {"genre": kinds, "link": links},
        ("genre",),
        tuple(about[item] for item in TITLES),
    )
    return replace(dataset, catalogue=catalogue, disliked_to=2.0)


def world(rows: list[Row] = ROWS, about: dict[str, str] = ABOUT) -> Dataset:
    return with_catalogue(make_dataset(rows, TITLES), about)


DATA = world()
MODEL = make_model(DATA)


def retriever_of(
    index: ChromaIndex, dataset: Dataset = DATA, model: FactorModel = MODEL
) -> ChromaRetriever:
    return ChromaRetriever(index.folder, model.fingerprint, index.settings, dataset, index.embedder)


def cosine(a: str, b: str) -> float:
    x, y = HashingEmbedder().embed([a, b]).astype(float)
    return float(x @ y)


def item_text(item: str) -> str:
    genres = "Drama, Family" if item == "up" else "Drama"
    return f"{TITLES[item]}\ngenre: {genres}\n{ABOUT[item]}"
