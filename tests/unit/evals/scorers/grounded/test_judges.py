"""The scorers on true texts, on what they cannot read, and what they import."""

from __future__ import annotations

import ast
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import recx_agent.evals.scorers.grounded as grounded
from recx_agent.evals.meta.world import FOLDER, hand_written, world
from recx_agent.evals.samples import Sample, Sentence
from recx_agent.evals.scorers import Sources, scorers_of
from recx_agent.evals.scorers.grounded.judges import grounded_scorers
from tests.unit.evals.scorers.grounded.conftest import Judge

FOLDER_OF_CODE = Path(grounded.__file__).parent
MAY_IMPORT = (
    *("recx_agent.evals.samples", "recx_agent.evals.scorers.", "recx_agent.errors"),
    *("inflection", "pyarrow"),
)


def test_nothing_of_the_verifier_is_imported() -> None:
    """Neither named in the source, nor brought in by what it names."""
    for path in FOLDER_OF_CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                if name.partition(".")[0] not in sys.stdlib_module_names:
                    assert name.startswith(MAY_IMPORT), f"{path}: {name}"
    code = (
        "import sys, recx_agent.evals.scorers.grounded;"
        "print(*[m for m in sys.modules if m.startswith(('recx_agent.grounding', "
        "'recx_agent.evidence', 'recx_agent.explainer', 'recx_agent.prompts'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_true_texts_pass_every_check(judge: Judge, language: str) -> None:
    for sample in hand_written(language, 1):
        assert judge("untrue", sample).value == 0.0, judge("untrue", sample).reason
        assert judge("refuted", sample).value == 0.0
        for name in ("true_sentences", "citation_recall", "citation_precision", "claim_precision"):
            assert judge(name, sample).value == 1.0, (name, judge(name, sample).reason)


def test_what_cannot_be_held_against_the_files_is_unscored(judge: Judge, heat: Sample) -> None:
    assert judge("untrue", replace(heat, language="de")).answer == "unfit"
    assert judge("untrue", replace(heat, extra={})).reason == "the terms of the score are not known"
    assert judge("untrue", replace(heat, item_id="none")).value is None
    assert judge("untrue", replace(heat, text="", sentences=())).answer == "no text"
    for scorer in grounded_scorers(None):
        assert scorer.score(heat).answer == "no raw data"


def test_each_says_in_a_line_what_it_is() -> None:
    about = {scorer.name: scorer.about for scorer in grounded_scorers(None)}
    assert len(set(about.values())) == len(about)
    assert all(line.endswith(".") and len(line) > 30 for line in about.values())


def test_a_text_that_nobody_cut_is_cut_here(judge: Judge, heat: Sample) -> None:
    text = "You rated “Fargo” 5 out of 5. You rated “Babe” 5 out of 5."
    uncut = replace(heat, text=text, sentences=())
    assert judge("true_sentences", uncut).value == 0.5
    assert judge("citation_recall", uncut).value == 0.0


def test_scorers_are_made_of_the_paths_of_a_suite(heat: Sample) -> None:
    sources = Sources(FOLDER / "interactions.csv", FOLDER / "items.csv")
    scorers = scorers_of(["grounded"], sources)
    assert len({scorer.name for scorer in scorers}) == len(scorers) >= 12
    (untrue,) = scorers_of(["grounded.untrue"], sources)
    assert untrue.score(heat).value == 0.0  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_text_breaks_a_scorer(language: str) -> None:
    """Words of true texts and odd ones in any order: every value stays in its range."""
    dice, base = random.Random(1), hand_written(language)
    tokens = [t for s in base for t in (s.text.split() if language == "en" else s.text)]
    tokens += ["None", "none of 9 users", "0", "“", "”", "*x*", '"q"', "rank", "21st", "top 10"]
    tokens += ["31 February 1999", "1998-13-40", "没有一位", "第3名", "(", "9" * 20, "２", "½"]
    joint = " " if language == "en" else ""
    scorers = grounded_scorers(world())
    for _ in range(60):
        text = joint.join(dice.choices(tokens, k=dice.randint(1, 25))) + dice.choice(
            ["", ".", "。"]
        )
        sample = dice.choice(base)
        cites = tuple(dice.sample([*(p.id for p in sample.evidence), "Z9"], dice.randint(0, 3)))
        sample = replace(sample, text=text, sentences=(Sentence(text, cites),))
        for scorer in scorers:
            value = scorer.score(sample).value
            assert value is None or 0.0 <= value <= 1.0, (scorer.name, text)
