"""Citation recall and precision, by ALCE's definitions and hand."""

from __future__ import annotations

import pytest

from tests.unit.evals.scorers.grounded.conftest import Judge, Saying

TWO = "“Heat” is suggested because you rated “Fargo” 5 out of 5 and “Reservoir Dogs” 4 out of 5."
ONE = "“Heat” is suggested because you rated “Fargo” 5 out of 5."
UNTRUE = "“Heat” is suggested because you rated “Fargo” 4 out of 5."


@pytest.mark.parametrize(
    ("told", "recall", "precision"),
    [
        ([(TWO, ["H1", "H2"])], 1.0, 1.0),  # together, and neither alone
        ([(ONE, ["H1"])], 1.0, 1.0),
        ([(ONE, ["H1", "H2"])], 1.0, 0.5),  # H2 says nothing of it: over-cited
        ([(ONE, ["H1", "H2", "H3", "B1"])], 1.0, 0.25),
        ([(TWO, ["H1"])], 0.0, 0.0),
        ([(ONE, ["H2"])], 0.0, 0.0),
        ([(ONE, [])], 0.0, 0.0),
        ([(ONE, ["H9"])], 0.0, 0.0),
        ([(UNTRUE, ["H1"])], 0.0, 0.0),
        # Two of three sentences; of five citations three sit in them, and one of those is idle.
        ([(ONE, ["H1", "H3"]), (TWO, ["H1"]), ("“Heat” came out in 1995.", ["F1"])], 2 / 3, 0.5),
        ([(ONE, ["H1", "H1"])], 1.0, 1.0),
    ],
)
def test_recall_and_precision(
    judge: Judge, saying: Saying, told: list[tuple[str, list[str]]], recall: float, precision: float
) -> None:
    sample = saying(told)
    assert judge("citation_recall", sample).value == pytest.approx(recall)
    assert judge("citation_precision", sample).value == pytest.approx(precision)


def test_what_is_not_entailed_and_what_is_idle_is_told(judge: Judge, saying: Saying) -> None:
    assert UNTRUE in judge("citation_recall", saying([(UNTRUE, ["H1"])])).reason
    assert "H2 in" in judge("citation_precision", saying([(ONE, ["H1", "H2"])])).reason
