"""A small world in memory for what is told: random factors, own stores, a plain writer.

Every title, id and value is a word of its own, so that a search finds it wherever it leaks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray

from recx_agent.datasets import Dataset, Event, read_dataset
from recx_agent.datasets.added import AddedEvent
from recx_agent.explainer.explainer import Explainer
from recx_agent.explainer.sources import Sources
from recx_agent.people import People
from recx_agent.protocols import (
    AdditiveModel,
    CurrentFacts,
    Draft,
    Feature,
    FeedbackEntry,
    FeedbackKind,
    FeedbackTarget,
    Plan,
    RetrievedEvents,
    RetrievedText,
    UserRecord,
)
from recx_agent.recommenders.factor_model import FactorModel
from recx_agent.schemas import Sentence, Writer
from recx_agent.sensitive import Sensitive
from recx_agent.settings import DataSettings, EvidenceSettings, SensitiveRule, WordingSettings

TITLES = (
    "Aardvark Ballad", "Bramble Court", "Cinder Lane", "Dapple Grey", "Ember Hollow",
    "Fathom Deep", "Gossamer Wing", "Harrow Field", "Indigo Quay", "Juniper Road",
    "Kestrel Point", "Lantern Bay", "Marrow Hill", "Nettle Green", "Orchard Gate",
    "Pebble Cove", "Quarry Edge", "Russet Barn", "Saffron Mill", "Thistle Down",
)  # fmt: skip
GENRES = ("drama", "comedy", "crime", "docu")
TOPICS = ("sailing", "oncology", "gardening", "insolvency", "cooking")
SAID_AT = datetime(2024, 1, 1, tzinfo=UTC)
"""When any feedback was given."""
USERS = 6
WIDTH = 8


def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Interactions with ratings, views and notes, and items."""
    random = np.random.default_rng(5)
    rows: list[tuple[Any, ...]] = []
    for user in range(USERS):
        own = random.permutation(len(TITLES))[:11]
        for time, item in enumerate(own[:7]):
            text = f"a note on {TITLES[item]} by heart" if time % 3 == 0 else None
            rows.append((f"u{user}", f"id{item:02}x", "rating", 5, 1000 + time, text))
        for time, item in enumerate(own[7:9]):
            rows.append((f"u{user}", f"id{item:02}x", "rating", 1, 1100 + time, None))
        for time, item in enumerate(own[9:]):
            rows.append((f"u{user}", f"id{item:02}x", "watch", None, 1200 + time, None))
        rows.append((f"u{user}", None, "search", None, 1300, "boats and harbours"))
    names = ["user_id", "item_id", "event_type", "value", "timestamp", "text"]
    items = pd.DataFrame(
        {
            "item_id": [f"id{n:02}x" for n in range(len(TITLES))],
            "title": TITLES,
            "genre": [
                f"{GENRES[n % 4]}|{GENRES[(n // 4) % 4]}"
                if n % 4 != (n // 4) % 4
                else GENRES[n % 4]
                for n in range(len(TITLES))
            ],
            "topic": [TOPICS[n % 5] for n in range(len(TITLES))],
        }
    )
    return pd.DataFrame(rows, columns=names), items


def make_dataset() -> Dataset:
    interactions, items = frames()
    dataset, _ = read_dataset(DataSettings(scale=(1, 5)), interactions=interactions, items=items)
    return dataset


def make_model(dataset: Dataset, seed: int = 1, biases: float = 0.1, **more: Any) -> FactorModel:
    """Random factors, the item's own and those of its attributes."""
    random = np.random.default_rng(seed)
    catalogue, n = dataset.catalogue, len(dataset.catalogue)
    pairs = sorted(
        {(name, v) for name, own in catalogue.attributes.items() for vs in own for v in vs}
    )
    features = [Feature("item", "item", item_id) for item_id in catalogue.ids]
    features += [Feature("attribute", name, value) for name, value in pairs]
    rows, columns = list(range(n)), list(range(n))
    for number, (name, value) in enumerate(pairs):
        for item in catalogue.having(name, value):
            rows.append(item)
            columns.append(n + number)
    matrix = sp.csr_matrix(
        (np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=(n, len(features))
    )
    matrix.sort_indices()

    def draw(*shape: int, scale: float = 0.5) -> NDArray[np.float32]:
        return random.normal(0, scale, shape).astype(np.float32)

    return FactorModel.of(
        history_factors=draw(n, WIDTH),
        feature_factors=draw(len(features), WIDTH),
        feature_biases=draw(len(features), scale=biases),
        item_features=matrix,
        features=features,
        half_life=4.0,
        **more,
    )


def with_more_terms(dataset: Dataset, seed: int = 1) -> FactorModel:
    """The same with terms of low ratings and of two contexts."""
    random = np.random.default_rng(seed + 100)
    return make_model(
        dataset,
        seed,
        disliked_factors=random.normal(0, 0.5, (len(dataset.catalogue), WIDTH)).astype(np.float32),
        contexts=(("device", "phone"), ("device", "tv"), ("place", "home")),
        context_factors=random.normal(0, 0.5, (3, WIDTH)).astype(np.float32),
    )


@dataclass
class MemoryRetriever:
    """The index as a dictionary; ``texts`` are given back for every item asked for."""

    dataset: Dataset
    model: AdditiveModel
    texts: Sequence[RetrievedText] = ()
    asked: list[tuple[str, int]] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def fetch(self, user_id: str, event_ids: Sequence[str]) -> RetrievedEvents:
        self.fetched += event_ids
        user = self.dataset.user(user_id)
        known = {e.id: e for e in self.dataset.describe_terms(user, disliked=True)}
        events = [known[id] for id in event_ids]
        items = np.array([e.item for e in events], dtype=np.int32)
        low = np.array([not e.positive for e in events], dtype=bool)
        catalogue = self.dataset.catalogue
        return RetrievedEvents(
            events,
            [catalogue.ids.external(e.item) for e in events],
            [catalogue.titles[e.item] for e in events],
            self.model.event_vectors(items, low),
        )

    def similar_texts(
        self, user_id: str, item_ids: Sequence[str], limit: int
    ) -> Sequence[Sequence[RetrievedText]]:
        self.asked.append((user_id, limit))
        return [list(self.texts[:limit]) for _ in item_ids]

    def close(self) -> None: ...


@dataclass
class MemoryStore:
    """What users said and did, and erased users, in lists."""

    said: list[tuple[str, FeedbackEntry]] = field(default_factory=list)
    done: dict[str, list[AddedEvent]] = field(default_factory=dict)
    taken_back: dict[str, list[AddedEvent]] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)

    @property
    def tombstones(self) -> Any:
        return self

    def covers(self, user_id: str) -> bool:
        return user_id in self.erased

    def record(self, user_id: str) -> UserRecord:
        if user_id in self.erased:
            return UserRecord(erased=True)
        return UserRecord(
            feedback=self.feedback(user_id),
            added=tuple(self.done.get(user_id, ())),
            taken_back=tuple(self.taken_back.get(user_id, ())),
        )

    def feedback(self, user_id: str, *, undone: bool = False) -> tuple[FeedbackEntry, ...]:
        return tuple(entry for user, entry in self.said if user == user_id)

    def give(
        self,
        user_id: str,
        kind: FeedbackKind,
        target: FeedbackTarget,
        value: str,
        name: str = "",
    ) -> tuple[FeedbackEntry, bool]:
        entry = FeedbackEntry(f"f{len(self.said)}", kind, target, name, value, SAID_AT)
        for held in self.feedback(user_id):
            if replace(held, id=entry.id) == entry:
                return held, False
        self.said.append((user_id, entry))
        return entry, True

    def undo(self, user_id: str, feedback_id: str) -> FeedbackEntry | None:
        for held in self.said:
            if (held[0], held[1].id) == (user_id, feedback_id):
                self.said.remove(held)
                return held[1]
        return None


class PlainWriter:
    """Writes each claim as its kind, its values and all fields it cites: hides nothing."""

    def __init__(self, language: str = "en") -> None:
        self.language = language

    def write(self, plan: Plan) -> Draft:
        sentences = [
            Sentence(
                text=json.dumps(
                    [
                        claim.kind,
                        plan.item_title,
                        dict(claim.values),
                        [plan.evidence[id].fields for id in claim.evidence],
                    ],
                    ensure_ascii=False,
                ),
                evidence=claim.evidence,
            )
            for claim in plan.claims
        ]
        writer = Writer(kind="template", style="", language=self.language, prompt_version="")
        return Draft(tuple(sentences), writer, joint="" if self.language == "zh" else " ")

    def write_all(
        self, plans: Sequence[Plan], *, deadline_ms: float | None = None
    ) -> Sequence[Draft]:
        return [self.write(plan) for plan in plans]

    def evidence_text(
        self, evidence_id: str, fields: Mapping[str, Any], wording: Mapping[str, Any]
    ) -> str:
        return json.dumps([evidence_id, dict(fields)], ensure_ascii=False)

    def close(self) -> None:
        """Nothing is held open."""


@dataclass(frozen=True)
class World:
    """Everything an explanation needs."""

    dataset: Dataset
    model: AdditiveModel
    retriever: MemoryRetriever
    store: MemoryStore
    people: People
    explainer: Explainer
    sensitive: Sensitive

    def item(self, title: str) -> int:
        return self.dataset.catalogue.find(title)

    def told(self, item: int) -> str:
        return self.dataset.catalogue.titles[item]


def make_world(
    dataset: Dataset,
    model: AdditiveModel,
    *rules: SensitiveRule,
    texts: Sequence[RetrievedText] = (),
    facts: CurrentFacts | None = None,
    settings: EvidenceSettings | None = None,
    language: str = "en",
) -> World:
    settings = settings or EvidenceSettings()
    sensitive = Sensitive.compile(rules, dataset)
    counting = sensitive.counting(model)
    retriever = MemoryRetriever(dataset, model, texts)
    store = MemoryStore()
    sources = Sources(dataset, retriever, settings, sensitive, facts, model.uses_disliked)
    explainer = Explainer(
        model=counting,
        dataset=dataset,
        sources=sources,
        writer=PlainWriter(language),
        settings=settings,
        wording=WordingSettings(),
        sensitive=sensitive,
    )
    people = People(dataset, counting, sensitive, store)  # type: ignore[arg-type]
    return World(dataset, counting, retriever, store, people, explainer, sensitive)


def text_of(event: Event, text: str, similarity: float = 0.9, title: str = "") -> RetrievedText:
    return RetrievedText(replace(event, text=text), title, similarity)
