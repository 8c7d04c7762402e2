"""What each kind of claim reads like, sentence by sentence: sentences.toml, written by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from recx_agent.explainer.claims import ClaimKind
from recx_agent.prompts import TemplateWriter
from recx_agent.protocols import Claim

Written = Callable[..., list[str]]

TABLE = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))


def claims_of(case: dict[str, Any]) -> list[Claim]:
    return [Claim(c["kind"], tuple(c["evidence"]), c.get("values", {})) for c in case["claims"]]


def texts_of(case: dict[str, Any]) -> dict[str, str]:
    return {style: text for style, text in case.items() if style != "claims"}


SENTENCES = [(claims_of(case), texts_of(case)) for case in TABLE["case"]]
CASES = [
    pytest.param(claims, style, text, id=f"{number}-{claims[-1].kind}-{style}")
    for number, (claims, texts) in enumerate(SENTENCES)
    for style, text in texts.items()
]


@pytest.mark.parametrize(("claims", "style", "text"), CASES)
def test_a_claim_reads(written: Written, claims: list[Claim], style: str, text: str) -> None:
    assert written(style, *claims)[-1] == text


def test_every_kind_and_every_style_is_in_the_table(writer: TemplateWriter) -> None:
    kinds = {claims[-1].kind for claims, _ in SENTENCES}
    assert kinds == set(get_args(ClaimKind))
    assert all(len(texts) >= 2 for _, texts in SENTENCES)
    assert {style for _, texts in SENTENCES for style in texts} == set(writer.styles)


def test_styles_word_a_claim_differently(writer: TemplateWriter, written: Written) -> None:
    for claims, _ in SENTENCES:
        texts = {written(style, *claims)[-1] for style in writer.styles}
        assert len(texts) >= 6, texts
