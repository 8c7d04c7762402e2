"""What each kind of claim reads like, sentence by sentence: the folder ``sentences``."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from recx_agent.explainer.claims import ClaimKind
from recx_agent.prompts import TemplateWriter
from recx_agent.protocols import Claim

Written = Callable[..., list[str]]
Case = tuple[list[Claim], dict[str, str]]


def cases_of(folder: Path) -> list[Case]:
    cases = []
    for file in sorted(folder.glob("*.toml")):
        for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]:
            claims = [
                Claim(c["kind"], tuple(c["evidence"]), c.get("values", {})) for c in case["claims"]
            ]
            cases.append((claims, {key: text for key, text in case.items() if key != "claims"}))
    return cases


SENTENCES = {
    folder.name: cases_of(folder)
    for folder in sorted(Path(__file__).with_name("sentences").iterdir())
}
CASES = [
    pytest.param(language, claims, style, text, id=f"{language}-{n}-{claims[-1].kind}-{style}")
    for language, cases in SENTENCES.items()
    for n, (claims, texts) in enumerate(cases)
    for style, text in texts.items()
]


@pytest.mark.parametrize(("language", "claims", "style", "text"), CASES)
def test_a_claim_reads(
    written: Written, language: str, claims: list[Claim], style: str, text: str
) -> None:
    assert written(style, *claims, language=language)[-1] == text


def test_every_language_has_its_table(writer: TemplateWriter) -> None:
    assert set(SENTENCES) == set(writer.languages)


@pytest.mark.parametrize("language", SENTENCES)
def test_every_kind_and_every_style_is_in_the_table(writer: TemplateWriter, language: str) -> None:
    cases = SENTENCES[language]
    assert {claims[-1].kind for claims, _ in cases} == set(get_args(ClaimKind))
    assert all(len(texts) >= 2 for _, texts in cases)
    assert {style for _, texts in cases for style in texts} == set(writer.styles)


@pytest.mark.parametrize("language", SENTENCES)
def test_styles_word_a_claim_differently(
    writer: TemplateWriter, written: Written, language: str
) -> None:
    for claims, _ in SENTENCES[language]:
        texts = {written(style, *claims, language=language)[-1] for style in writer.styles}
        assert len(texts) >= 6, texts


@pytest.mark.parametrize("language", SENTENCES)
def test_styles_open_differently(writer: TemplateWriter, written: Written, language: str) -> None:
    """The first sentence of most explanations: no two styles begin alike."""
    because = Claim("because_history", ("H1", "H2", "H3"))
    texts = [written(style, because, language=language)[0] for style in writer.styles]
    assert len(set(texts)) == len(texts)
    assert len({text[:6] for text in texts}) >= 6
