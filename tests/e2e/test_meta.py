"""What docs/meta_evaluation.md promises of the grounded scorers, on MovieLens."""

from __future__ import annotations

from pathlib import Path

from recx_agent.datasets.movielens import MovieLens
from recx_agent.evals.meta import run_meta
from recx_agent.evals.meta.films import template_texts
from recx_agent.evals.meta.measure import DETECTION, FALSE_ALARMS
from recx_agent.evals.meta.world import HAND

FREE_WORDS = 0.8
"""25 of 30 were found where nothing had been seen before."""


def test_faults_are_found_and_true_texts_of_templates_taken(
    film_workspace: Path, films: MovieLens, tmp_path: Path
) -> None:
    texts = template_texts(film_workspace, films.interactions, films.items, users=30)
    report = run_meta(tmp_path, [texts], times=20)
    for found in report.detections:
        assert found.planted >= 8, found.operator
        # Of faults in free words no share is promised; that it does not fall is watched.
        least = FREE_WORDS if found.half == HAND else DETECTION
        assert found.share >= least, (found.operator, found.language, found.missed)
    of_templates = [alarms for alarms in report.alarms if alarms.source.startswith("templates")]
    assert {alarms.language for alarms in of_templates} == {"en", "zh"}
    for alarms in of_templates:
        assert alarms.texts >= 60
        for name, raised in alarms.raised.items():
            assert len(raised) <= FALSE_ALARMS * alarms.texts, (name, raised[:3])
