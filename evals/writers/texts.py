"""Texts of somebody else: of a file, or such as come with the cases."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recx_agent.datasets.jsonl import read_rows
from recx_agent.datasets.tables import read_table
from recx_agent.errors import DataError
from recx_agent.evals.cases import Case
from recx_agent.evals.samples import Sentence
from recx_agent.evals.sentences import cited_sentences
from recx_agent.evals.writers.base import LeftOut, Written

USER, ITEM, TEXT = "user_id", "item_id", "text"
_NEEDED = (USER, ITEM, TEXT)
_JSON_LINES = (".jsonl", ".gz")


class FileTexts:
    """Texts of a file with ``user_id``, ``item_id`` and ``text``: JSONL, CSV, TSV or Parquet.

    In JSONL a row may have ``sentences`` too: objects with ``text`` and ``cites``. Elsewhere
    markers such as ``[H1]`` in the text are citations.

    Parameters
    ----------
    path : Path

    Raises
    ------
    DataError
        The file cannot be read, lacks a column, or has a pair twice; says where.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows = _read(path)

    @property
    def description(self) -> Mapping[str, Any]:
        """Digest of the file's content; its place does not matter."""
        content = json.dumps(
            [
                [*pair, text, [[one.text, *one.cites] for one in said]]
                for pair, (text, said) in self._rows.items()
            ]
        )
        digest = hashlib.sha256(content.encode()).hexdigest()[:16]
        return {"kind": "file", "name": self._path.name, "digest": digest}

    async def write(self, case: Case) -> Written:
        """Look it up."""
        _check_own(case)
        found = self._rows.get((case.user_id, case.item_id))
        if found is None:
            raise LeftOut(f"{self._path.name} has no text for this user and item")
        text, sentences = found
        return _written(case, text, sentences)

    def close(self) -> None:
        """Nothing is held open."""


class CaseTexts:
    """Texts that come with the cases, such as those of XRec or its references.

    Parameters
    ----------
    name : str
        Name of the text in :attr:`recx_agent.evals.cases.Case.texts`.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def description(self) -> Mapping[str, Any]:
        """Which text."""
        return {"kind": "case", "text": self._name}

    async def write(self, case: Case) -> Written:
        """Look it up."""
        _check_own(case)
        text = case.texts.get(self._name)
        if text is None:
            raise LeftOut(f"the case comes without a text {self._name!r}")
        return _written(case, text, ())

    def close(self) -> None:
        """Nothing is held open."""


def _check_own(case: Case) -> None:
    if case.anew:
        raise LeftOut("a text that is there already was not written for this variant of its case")


def _written(case: Case, text: str, sentences: tuple[Sentence, ...]) -> Written:
    if not sentences:
        sentences = cited_sentences(text, {piece.id for piece in case.evidence})
        joint = "" if case.language == "zh" else " "
        cites = any(sentence.cites for sentence in sentences)
        text = joint.join(sentence.text for sentence in sentences) if cites else text
    return Written(text, sentences)


Rows = dict[tuple[str, str], tuple[str, tuple[Sentence, ...]]]


def _read(path: Path) -> Rows:
    rows: Rows = {}
    for number, row in _of_lines(path) if path.suffix in _JSON_LINES else _of_table(path):
        pair = (row[USER], row[ITEM])
        if pair in rows:
            raise DataError(
                f"a second text for user {pair[0]!r} and item {pair[1]!r}",
                source=path,
                row=number,
                remedy="leave one of them",
            )
        rows[pair] = row[TEXT], row["sentences"]
    if not rows:
        raise DataError("no texts", source=path, remedy=f"give rows with {', '.join(_NEEDED)}")
    return rows


def _of_lines(path: Path) -> list[tuple[int, dict[str, Any]]]:
    found = []
    for number, row in read_rows(path):
        missing = next((name for name in _NEEDED if row.get(name) is None), None)
        if missing is not None:
            raise DataError(
                "nothing here",
                source=path,
                row=number,
                field=missing,
                remedy=f"give each row {', '.join(_NEEDED)}",
            )
        try:
            sentences = tuple(
                Sentence(str(one["text"]), tuple(map(str, one.get("cites", ()))))
                for one in row.get("sentences", ())
            )
        except (TypeError, KeyError, AttributeError) as error:
            raise DataError(
                "no sentences",
                source=path,
                row=number,
                field="sentences",
                remedy="write them as objects with text and cites, or leave them out",
            ) from error
        texts = {name: str(row[name]) for name in _NEEDED}
        found.append((number, {**texts, "sentences": sentences}))
    return found


def _of_table(path: Path) -> list[tuple[int, dict[str, Any]]]:
    table = read_table(path, path.name)
    if missing := [name for name in _NEEDED if name not in table.columns]:
        raise DataError(
            f"there is no column {missing[0]!r}; there are {', '.join(table.columns) or 'none'}",
            source=path,
            remedy=f"name the columns {', '.join(_NEEDED)}",
        )
    columns = [table.columns[name].texts() for name in _NEEDED]
    first = 0 if path.suffix == ".parquet" else 2  # the first line of a text file is its header
    return [
        (number, {**dict(zip(_NEEDED, row, strict=True)), "sentences": ()})
        for number, row in enumerate(zip(*columns, strict=True), start=first)
    ]
