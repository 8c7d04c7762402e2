"""One text under test: what was said, by whom, about what, from which evidence.

A sample knows nothing of who judges it. It is plain data, so that a file of samples can be
made by any system and scored here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from recx_agent.datasets.jsonl import read_rows
from recx_agent.errors import DataError
from recx_agent.evals.tables import write_whole

PieceKind = Literal["cause", "support", "fact"]
KINDS: tuple[PieceKind, ...] = get_args(PieceKind)


@dataclass(frozen=True)
class Piece:
    """One piece of evidence that the writer was given.

    Attributes
    ----------
    id : str
        What sentences cite it by.
    kind : str
        ``cause``, ``support`` or ``fact``: what a text may say of it.
    text : str
        The evidence in words.
    fields : mapping
        The same as values; of our own evidence those of
        :class:`recx_agent.schemas.Evidence`, with ``contribution`` and ``rank_without`` where
        it has them.
    """

    id: str
    kind: PieceKind
    text: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sentence:
    """One sentence, and the ids of the evidence that it cites."""

    text: str
    cites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sample:
    """One text under test.

    Attributes
    ----------
    key : str
        The case: the same for every writer that was given the same user, item and evidence,
        so that writers are compared pair by pair. One writer has a key once.
    writer : str
        Name of the writer in the suite.
    user_id, item_id : str
    language : str
        Code, such as ``en``.
    text : str
        As it is shown; may be empty where the writer had nothing to say.
    sentences : tuple of Sentence
        The text in sentences.
    evidence : tuple of Piece
        What the writer was given.
    reference : str or None
        A text to hold it against, if there is one.
    verdict : str
        What the writer itself says of it, such as ``supported`` or ``abstained``; empty where
        it says nothing.
    took : mapping of str to float
        What it cost: ``seconds``, ``prompt_tokens``, ``completion_tokens``.
    extra : mapping
        Whatever else is known. Of our own workspace: ``title`` of the item; ``k``, the length
        of the list that ranks are told against; ``explanation``, the public record whose
        numbers the evidence is part of (the text in it is the template's, whoever wrote the
        sample); ``prompt_version``, ``model``, ``style``.
    variant : str
        What is different about the case: see :class:`recx_agent.evals.cases.Case`.
    base_key : str
        Key of the case that it is a variant of.
    base : Sample or None
        This writer's text of that case; ``None`` where there is none. It is kept once, in its
        own line of a file.
    """

    key: str
    writer: str
    user_id: str
    item_id: str
    language: str
    text: str
    sentences: tuple[Sentence, ...] = ()
    evidence: tuple[Piece, ...] = ()
    reference: str | None = None
    verdict: str = ""
    took: Mapping[str, float] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    variant: str = ""
    base_key: str = ""
    base: Sample | None = None

    def piece(self, id: str) -> Piece | None:
        """The evidence of this id; ``None`` if the writer was given none."""
        return next((piece for piece in self.evidence if piece.id == id), None)

    @property
    def title(self) -> str:
        """Title of the item; its id where nobody said."""
        return str(self.extra.get("title") or self.item_id)

    @property
    def digest(self) -> str:
        """Digest of all that a judge may look at: what it cost is left out."""
        content = {name: value for name, value in self.as_dict().items() if name != "took"}
        if self.base is not None:
            content["base"] = self.base.digest
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values; ``base`` is left out."""
        content = asdict(replace(self, base=None))
        del content["base"]
        return content

    @classmethod
    def of_dict(cls, content: Mapping[str, Any]) -> Sample:
        """Read back what :meth:`as_dict` gave.

        Raises
        ------
        ValueError
            A field is missing, unknown or of the wrong type.
        """
        names = cls.__dataclass_fields__.keys() - {"base"}
        known = {name: content[name] for name in names if name in content}
        if unknown := sorted(content.keys() - known.keys()):
            raise ValueError(f"unknown field {unknown[0]!r}")
        for name in ("key", "writer", "user_id", "item_id", "language", "text"):
            if not isinstance(known.get(name), str):
                raise ValueError(f"{name!r} is not a text")
        for name in ("took", "extra"):
            if not isinstance(known.get(name, {}), Mapping):
                raise ValueError(f"{name!r} is not an object")
        try:
            known["sentences"] = tuple(
                Sentence(str(one["text"]), tuple(map(str, one.get("cites", ()))))
                for one in known.get("sentences", ())
            )
            known["evidence"] = tuple(_piece(one) for one in known.get("evidence", ()))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"a sentence or piece of evidence is not whole ({error!r})") from error
        return cls(**known)


def _piece(content: Mapping[str, Any]) -> Piece:
    kind = content.get("kind", "fact")
    if kind not in KINDS:
        raise ValueError(f"evidence of kind {kind!r}; there are {', '.join(KINDS)}")
    return Piece(str(content["id"]), kind, str(content["text"]), dict(content.get("fields", {})))


def write_samples(path: Path, samples: Iterable[Sample]) -> Path:
    """Write one sample a line, as JSON; the file is there whole or not at all."""
    lines = (json.dumps(sample.as_dict(), ensure_ascii=False) + "\n" for sample in samples)
    return write_whole(path, "".join(lines))


def read_samples(path: Path) -> list[Sample]:
    """Read samples, one JSON object a line (``.gz`` too).

    Raises
    ------
    DataError
        The file cannot be read, a line is no sample, or a writer has a case twice; says where.
    """
    samples = []
    for number, content in read_rows(path):
        try:
            samples.append(Sample.of_dict(content))
        except ValueError as error:
            raise DataError(
                f"no sample: {error}",
                source=path,
                row=number,
                remedy="write samples with recx_agent.evals.samples.write_samples",
            ) from error
    check_unique(samples, path)
    return with_bases(samples)


def with_bases(samples: Sequence[Sample]) -> list[Sample]:
    """The same samples; each variant knows its writer's text of the case it is a variant of."""
    plain = {(one.writer, one.key): replace(one, base=None) for one in samples}
    return [
        replace(one, base=plain.get((one.writer, one.base_key))) if one.base_key else one
        for one in samples
    ]


def check_unique(samples: Sequence[Sample], source: str | Path) -> None:
    """See that no writer has a case twice.

    Raises
    ------
    DataError
        One has: its figures would count the case twice and could be paired with nothing.
    """
    seen: set[tuple[str, str]] = set()
    for sample in samples:
        pair = (sample.writer, sample.key)
        if pair in seen:
            raise DataError(
                f"writer {sample.writer!r} has the case {sample.key!r} twice",
                source=source,
                remedy="give each case a key of its own",
            )
        seen.add(pair)
