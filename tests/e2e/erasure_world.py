"""Some hundred planted users, two of whom can be told from everyone else by any word of theirs."""

from __future__ import annotations

import hashlib
import shutil
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock
from urllib.parse import quote

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recx_agent import Recx, build
from recx_agent.api_keys import KeyFile
from recx_agent.factory import writers
from recx_agent.llms import ScriptedChatModel
from recx_agent.retrievers.text_embedding import SentenceEmbedder

USERS, ITEMS = 200, 60
DIMENSIONS = 24

CONFIG = """
[data]
scale = [1, 5]
positive_from = 4
[data.map]
user_id = "who"
[model]
components = 8
runs = 1
epochs = 3
[retriever]
text_embedder = "minilm"
events_per_collection = 600
"""


@dataclass(frozen=True)
class Person:
    """A user whose every word is met nowhere else.

    Attributes
    ----------
    id : str
    review, search : str
        Texts of an event with an item and of one without.
    device, town : str
        A context and an attribute.
    hidden : str
        Id of an item that is muted.
    note : str
        Text of an event that was added since.
    doing : str
        Type of another one, which was taken back.
    first_time : int
        When the person's first event was, seconds since 1970.
    """

    id: str
    review: str
    search: str
    device: str
    town: str
    hidden: str
    note: str
    doing: str
    first_time: int

    @property
    def quoted(self) -> str:
        """How the ids of the person's events begin."""
        return quote(self.id, safe="")

    @property
    def texts(self) -> dict[str, str]:
        """Whatever could name the person: the id in every form there is, and words."""
        raw = self.id.encode()
        return {
            "id": self.id,
            "id in event ids": self.quoted,
            "SHA-256 of the id": hashlib.sha256(raw).hexdigest(),
            "BLAKE2b of the id": hashlib.blake2b(raw, digest_size=8).hexdigest(),
            "review": self.review.split()[0],
            "search": self.search.split()[0],
            "device": self.device,
            "town": self.town,
            "note": self.note.split()[0],
            "doing": self.doing,
        }

    @property
    def bytes(self) -> dict[str, bytes]:
        """What could tell the person apart in arrays and digests."""
        digest = hashlib.blake2b(self.id.encode(), digest_size=8).digest()
        return {
            "time": struct.pack("<q", self.first_time),
            "BLAKE2b of the id, raw": digest,
        }

    @property
    def vectors(self) -> dict[str, NDArray[np.float32]]:
        """The embeddings of the texts."""
        review, search = embedded([self.review, self.search])
        return {"review's vector": review, "search's vector": search}


ZOE = Person(
    id="zoë.quixley+7@example.invalid",
    review="Quorvaxibble throughout, and not a dull minute",
    search="lumphazzic gribblewoq",
    device="xylopharnjet",
    town="Vrenniqsby",
    hidden="i2",
    note="Trixoplenty and then some",
    doing="wumblecrofted",
    first_time=1_234_567_890,
)
UMIT = Person(
    id="ümit.brandywell+3@example.invalid",
    review="Plovdankerish to the last, I would see it again",
    search="snarquelish otterbonk",
    device="kibbleforge",
    town="Hjortzwick",
    hidden="i4",
    note="Gossifranque as ever",
    doing="perrywhistled",
    first_time=1_198_765_432,
)


def embedded(texts: Sequence[str]) -> NDArray[np.float32]:
    """A vector of length 1 for each text, made of a digest of its words."""
    rows = []
    for text in texts:
        seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
        row = np.random.default_rng(seed).normal(size=DIMENSIONS)
        rows.append(row / np.linalg.norm(row))
    return np.array(rows, dtype=np.float32).reshape(-1, DIMENSIONS)


@contextmanager
def tiny_embedder() -> Iterator[None]:
    """Texts are embedded by :func:`embedded`, everything else is as it is."""

    def embed(self: SentenceEmbedder, texts: Sequence[str]) -> NDArray[np.float32]:
        return embedded(texts)

    with (
        mock.patch.object(SentenceEmbedder, "embed", embed),
        mock.patch.object(SentenceEmbedder, "name", "tiny"),
    ):
        yield


def frames() -> dict[str, pd.DataFrame]:
    """Interactions, items and users."""
    random = np.random.default_rng(0)
    rows: list[tuple[object, ...]] = []
    for number in range(USERS):
        user = f"u{number:03}"
        own = np.arange(number % 2, ITEMS, 2)
        for time, item in enumerate(random.permutation(own)[:7]):
            text = f"film {item} was as good as they say" if random.random() < 0.3 else None
            stamp = 1_100_000_000 + 1000 * number + time
            rows.append((user, f"i{item}", "rating", 4 + time % 2, stamp, text, "phone"))
    for person in (ZOE, UMIT):
        rows += person_rows(person, range(0, 12, 2))
    columns = ["who", "item_id", "event_type", "value", "timestamp", "text", "device"]
    people = [f"u{number:03}" for number in range(USERS)]
    return {
        "interactions": pd.DataFrame(rows, columns=columns),
        "items": pd.DataFrame(
            {
                "item_id": [f"i{n}" for n in range(ITEMS)],
                "title": [f"{'Comedy' if n % 2 == 0 else 'Western'} {n}" for n in range(ITEMS)],
                "genre": ["Comedy" if n % 2 == 0 else "Western" for n in range(ITEMS)],
            }
        ),
        "users": pd.DataFrame(
            {"who": [*people, ZOE.id, UMIT.id], "town": ["Delft"] * USERS + [ZOE.town, UMIT.town]}
        ),
    }


def person_rows(person: Person, items: Sequence[int]) -> list[tuple[object, ...]]:
    """Ratings, the first of them with the review, and a search."""
    rows: list[tuple[object, ...]] = []
    for number, item in enumerate(items):
        stamp = person.first_time + 7919 * number
        text = None if number else person.review
        rows.append((person.id, f"i{item}", "rating", 5, stamp, text, person.device))
    last = person.first_time + 7919 * len(items)
    rows.append((person.id, None, "search", None, last, person.search, person.device))
    return rows


def write_files(folder: Path) -> dict[str, Path]:
    """The data as an operator's CSV files."""
    folder.mkdir()
    paths = {name: folder / f"{name}.csv" for name in ("interactions", "items", "users")}
    for name, frame in frames().items():
        frame.to_csv(paths[name], index=False)
    return paths


def build_world(workspace: Path, files: dict[str, Path]) -> None:
    """Two versions, an index with texts, feedback, added events, texts of a language
    model, API keys, and what killed writers leave behind.
    """
    workspace.mkdir()
    (workspace / "recx.toml").write_text(CONFIG, encoding="utf-8")
    build.fit(workspace, **files)  # type: ignore[arg-type]
    later = [
        (person.id, f"i{item}", "rating", 4, person.first_time + 10**6 + item, None, person.device)
        for person in (ZOE, UMIT)
        for item in (20, 22)
    ]
    columns = ["who", "item_id", "event_type", "value", "timestamp", "text", "device"]
    build.update(workspace, interactions=pd.DataFrame(later, columns=columns), epochs=1)
    build.index(workspace)
    with Recx.open(workspace) as recx:
        for person in (ZOE, UMIT):
            say_and_do(recx, person)
    write_texts(workspace, ZOE, UMIT)
    keys = KeyFile(workspace / "keys.json")
    for number, person in enumerate((ZOE, UMIT)):
        keys.add(f"telephone {number}", ["recommend"], user_id=person.id)
    _leave_behind(workspace)


def say_and_do(recx: Recx, person: Person) -> None:
    """Feedback, an event that counts, and one that was taken back."""
    recx.feedback(person.id, "mute", person.hidden)
    recx.feedback(person.id, "dislike", "i50")
    recx.undo_feedback(person.id)
    watched = {"item_id": "i30", "event_type": "watch", "timestamp": person.first_time + 1}
    rows = [
        {**watched, "text": person.note, "device": person.device},
        {**watched, "item_id": "i32", "event_type": person.doing},
    ]
    recx.add_events(rows, user_id=person.id)
    (undone,) = [e for e in recx.added_events(person.id) if e.event_type == person.doing]
    recx.undo_event(person.id, undone.id)


def write_texts(workspace: Path, *people: Person) -> None:
    """Explanations by a language model, which are kept with how they came about."""
    model = ScriptedChatModel(lambda request: "{ITEM} is here because of {H1}.")
    with (
        mock.patch.object(writers, "open_chat_model", lambda settings: model),
        Recx.open(workspace, llm={"deadline_ms": 60_000}) as recx,
    ):
        for person in people:
            told = recx.explain_list(person.id, 3)
            assert "llm" in {one.writer.kind for one in told}


def _leave_behind(workspace: Path) -> None:
    """Half of what a killed writer was about to put in the place of something."""
    shutil.copy(workspace / "keys.json", workspace / ".keys.json.k1113d_x")
    versions, evidence = workspace / "versions", workspace / "evidence"
    shutil.copytree(versions / "000002", versions / ".000003.half")
    shutil.copytree(versions / "000001" / "data", versions / "000001" / "data-9")
    shutil.copytree(versions / "000001" / "data", versions / "000001" / ".data-2.half")
    (generation,) = evidence.glob("generation-*")
    shutil.copytree(generation, evidence / "generation-000000000000")
    shutil.copytree(generation, evidence / ".generation-111111111111.half")
    (workspace / "checkpoints" / "run-0-epoch-2").mkdir(parents=True)
    shutil.copy(versions / "000001" / "model" / "history_factors.npy", workspace / "checkpoints")
