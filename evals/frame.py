"""Scorers from a notebook: a data frame of texts and their evidence in, scores out."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recx_agent.errors import DataError
from recx_agent.evals.run.figures import mean_of
from recx_agent.evals.run.scoring import checked, group_figure
from recx_agent.evals.samples import KINDS, Piece, Sample, Sentence
from recx_agent.evals.scorers import Score, Sources, is_group, scorers_of
from recx_agent.evals.sentences import cited_sentences

if TYPE_CHECKING:
    import pandas as pd

_SOURCE = "the data frame"
_TEXT = "text"


@dataclass(frozen=True)
class ScoredFrame:
    """What the scorers found.

    Attributes
    ----------
    values : DataFrame
        One row a text, with the index of the frame that was given, and one column a scorer of
        single texts; NaN where it could not judge.
    reasons : DataFrame
        The same shape, in words.
    figures : DataFrame
        One row a writer and metric: ``writer``, ``metric``, ``value``, ``low``, ``high``,
        ``n``; scorers that judge all texts at once are here alone.
    """

    values: pd.DataFrame
    reasons: pd.DataFrame
    figures: pd.DataFrame


def score_frame(
    frame: pd.DataFrame,
    scorers: Sequence[str] = ("text",),
    *,
    sources: Sources | None = None,
    language: str = "en",
) -> ScoredFrame:
    """Score the texts of a data frame.

    Parameters
    ----------
    frame : DataFrame
        ``text``, and as far as there are: ``evidence`` (a text, a list of texts, a mapping of
        id to text, or a list of mappings with ``id``, ``text``, ``kind`` and ``fields``),
        ``sentences`` (mappings with ``text`` and ``cites``; else the text is cut, and markers
        such as ``[E1]`` are citations), ``reference``, ``user_id``, ``item_id``, ``writer``,
        ``language``. Evidence without ids is ``E1``, ``E2``, … in its order. Rows without a
        ``user_id`` are each a user of their own.
    scorers : sequence of str
        Families or single scorers, as ``text.distinct_2``.
    sources : Sources, optional
        The raw data that a scorer may look into.
    language : str
        Where the frame does not say.

    Returns
    -------
    ScoredFrame

    Raises
    ------
    DataError
        A column is missing, or a cell is not what it has to be; says which row.
    SettingsError
        There is no such scorer, or it lacks a package.

    Examples
    --------
    >>> import pandas as pd
    >>> from recx_agent.evals import score_frame
    >>> texts = pd.DataFrame({"text": ["You liked “Heat”.", "You liked “Alien”."]})
    >>> found = score_frame(texts, ["text.words", "text.usr"])
    >>> found.values["words"].tolist()
    [3.0, 3.0]
    >>> found.figures[["metric", "value", "n"]].values.tolist()
    [['usr', 1.0, 2], ['words', 3.0, 2]]
    """
    import pandas as pd

    if _TEXT not in frame.columns:
        raise DataError(
            f"there is no column {_TEXT!r}; there are {', '.join(map(str, frame.columns))}",
            source=_SOURCE,
            remedy="give the texts in a column of that name",
        )
    samples = [
        _sample(number, row, language) for number, row in enumerate(frame.to_dict("records"))
    ]
    made = scorers_of(scorers, sources)
    singles = [scorer for scorer in made if not is_group(scorer)]
    found = [
        [checked(scorer, sample) for scorer in singles]  # type: ignore[arg-type]
        for sample in samples
    ]
    names = [scorer.name for scorer in singles]
    by_name = {name: [row[at] for row in found] for at, name in enumerate(names)}
    writers: dict[str, list[int]] = {}
    for number, sample in enumerate(samples):
        writers.setdefault(sample.writer, []).append(number)
    rows = []
    for writer, places in writers.items():
        own = [samples[place] for place in places]
        for scorer in made:
            if is_group(scorer):
                figure = group_figure(scorer, own)
            else:
                scores = {samples[place].key: by_name[scorer.name][place] for place in places}
                users = {sample.key: sample.user_id for sample in own}
                figure = mean_of(scorer, scores, users)
            told = (math.nan, None, None, 0) if figure is None else figure
            rows.append((writer, scorer.name, told[0], told[1], told[2], _count(figure)))
    return ScoredFrame(
        values=pd.DataFrame(
            {name: [_value(score) for score in by_name[name]] for name in names},
            index=frame.index,
            columns=names,
            dtype=float,
        ),
        reasons=pd.DataFrame(
            {name: [_words(score) for score in by_name[name]] for name in names},
            index=frame.index,
            columns=names,
            dtype=object,
        ),
        figures=pd.DataFrame(rows, columns=["writer", "metric", "value", "low", "high", "n"]),
    )


def _count(figure: Any) -> int:
    return 0 if figure is None else int(figure.n)


def _value(score: Score) -> float:
    return math.nan if score.value is None else score.value


def _words(score: Score) -> str:
    return ": ".join(part for part in (score.answer, score.reason) if part)


def _sample(number: int, row: Mapping[Any, Any], language: str) -> Sample:
    text = _text(row.get(_TEXT))
    if text is None:
        raise DataError(
            "no text", source=_SOURCE, row=number, field=_TEXT, remedy="drop the row, or fill it"
        )
    evidence = _evidence(row.get("evidence"), number)
    sentences = _sentences(row.get("sentences"), text, evidence, number)
    code = _text(row.get("language")) or language
    if any(sentence.cites for sentence in sentences):  # markers are no words of the text
        text = ("" if code == "zh" else " ").join(sentence.text for sentence in sentences)
    user_id, item_id = _text(row.get("user_id")), _text(row.get("item_id"))
    key = hashlib.sha256(f"{number} {user_id} {item_id}".encode()).hexdigest()[:12]
    return Sample(
        key=f"{number} {key}",
        writer=_text(row.get("writer")) or "",
        user_id=user_id or f"row {number}",
        item_id=item_id or f"row {number}",
        language=code,
        text=text,
        sentences=sentences,
        evidence=evidence,
        reference=_text(row.get("reference")),
    )


def _text(cell: Any) -> str | None:
    """The cell as text; a missing value of pandas is none."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return None
    return None if str(cell) == "<NA>" else str(cell)


def _evidence(cell: Any, number: int) -> tuple[Piece, ...]:
    if isinstance(cell, Mapping):
        return tuple(Piece(str(id), "fact", str(text)) for id, text in cell.items())
    if isinstance(cell, str):
        return (Piece("E1", "fact", cell),)
    if _text(cell) is None:
        return ()
    try:
        return tuple(_piece(one, at) for at, one in enumerate(cell, start=1))
    except (TypeError, KeyError, ValueError) as error:
        raise DataError(
            f"no evidence ({error})",
            source=_SOURCE,
            row=number,
            field="evidence",
            remedy="give texts, or mappings with id, text and kind "
            f"({', '.join(KINDS)}; fact if left out)",
        ) from error


def _piece(one: Any, at: int) -> Piece:
    if isinstance(one, str):
        return Piece(f"E{at}", "fact", one)
    kind = one.get("kind", "fact")
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind")
    return Piece(str(one.get("id", f"E{at}")), kind, str(one["text"]), dict(one.get("fields", {})))


def _sentences(
    cell: Any, text: str, evidence: Sequence[Piece], number: int
) -> tuple[Sentence, ...]:
    if isinstance(cell, str) or _is_missing(cell):
        return cited_sentences(text, {piece.id for piece in evidence})
    try:
        return tuple(
            Sentence(str(one["text"]), tuple(map(str, one.get("cites", ())))) for one in cell
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise DataError(
            f"no sentences ({error})",
            source=_SOURCE,
            row=number,
            field="sentences",
            remedy="give mappings with text and cites, or leave the column out",
        ) from error


def _is_missing(cell: Any) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell))
