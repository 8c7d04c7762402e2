"""Cases of a file as XRec's: a title, what is known of a user and of the item, in texts."""

from __future__ import annotations

from pathlib import Path

from recx_agent.evals.cases.case import Case
from recx_agent.evals.samples import Piece
from recx_agent.evals.xrec.rows import Row, read_sample
from recx_agent.given import given_case

REFERENCE, OUTPUT = "reference", "xrec"


def xrec_cases(path: Path, rows: int, seed: int = 0) -> list[Case]:
    """A sample of the rows; a smaller one is the beginning of a larger one.

    The two summaries are the evidence, and there is no cause among it: nobody's score is
    known. The texts that come with a case are ``xrec``, that of XRec, and ``reference``, which
    was rewritten from a review that no system has seen.

    Raises
    ------
    DataError
        See :func:`recx_agent.evals.xrec.rows.read_sample`.
    """
    sample = read_sample(path, rows, seed)
    return [_case(number, row) for number, row in enumerate(sample)]


def _case(number: int, row: Row) -> Case:
    given = given_case(row.title, [row.user_summary], [row.item_summary])
    evidence = tuple(
        Piece(
            passage.id,
            "support" if passage.about == "user" else "fact",
            passage.text,
            {"about": passage.about},
        )
        for passage in given.passages
    )
    return Case(
        key=f"{number} {row.user_id} {row.title}",
        user_id=row.user_id,
        item_id=row.title,
        title=row.title,
        language="en",
        evidence=evidence,
        material=given,
        reference=row.reference,
        texts={OUTPUT: row.xrec_output, REFERENCE: row.reference},
        extra={"title": row.title},
    )
