"""The examples a model is shown: true of their own evidence, and built in many ways."""

from __future__ import annotations

import itertools

import pytest

from recx_agent.errors import PromptError
from recx_agent.grounding import Verifier, is_copy, load_vocabulary, skeleton
from recx_agent.prompts import LlmPrompts, load_domain
from recx_agent.prompts.request_set import build_requests, read_request_files
from recx_agent.prompts.style_bank import Style, load_styles, read_styles
from recx_agent.prompts.style_choice import example_of, saying_for, style_for
from recx_agent.protocols import Claim, Plan
from recx_agent.testing.plans import plan_of

MAKER = LlmPrompts()
LANGUAGES = ("en", "zh")
BANKS = {language: load_styles(language) for language in LANGUAGES}
EVERY = [
    pytest.param(style, language, id=f"{language}-{style.name}")
    for language, bank in BANKS.items()
    for style in (*bank.always, *bank.styles)
]
BESIDE = (
    "in_common",
    "fact",
    "current_fact",
    "weighed_most",
    "without",
    "everyone",
    "everyone_against",
    "against",
    "support",
    "context",
)
WORDINGS = 4


def problems(text: str, plan: Plan, domain: str = "shop") -> list[str]:
    language = plan.wording["language"]
    vocabulary = load_vocabulary(language, load_domain(domain, language).words)
    reading = Verifier(vocabulary).read(text, plan, MAKER.slots(plan))
    found = [f"{s.raw}: {v.detail}" for s in reading.sentences for v in s.violations]
    assert reading.ok == (not found)
    return found


def wording(language: str) -> dict[str, str]:
    return {"language": language, "item": "item"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_more_than_twelve(language: str) -> None:
    styles = [*BANKS[language].always, *BANKS[language].styles]
    assert len({style.name for style in styles}) == len(styles) >= 24
    assert len({style.text for style in styles}) == len(styles)
    assert len([style for style in styles if style.shape == ("H", 3)]) >= 12


def test_the_languages_have_the_same_styles_for_the_same_shapes() -> None:
    one, other = ([(s.name, s.shape) for s in BANKS[each].styles] for each in LANGUAGES)
    assert one == other
    assert BANKS["en"].beside.keys() == BANKS["zh"].beside.keys()


@pytest.mark.parametrize("kind", BESIDE)
@pytest.mark.parametrize(("style", "language"), EVERY)
def test_an_example_says_only_what_its_evidence_carries(
    style: Style, language: str, kind: str
) -> None:
    for number in range(WORDINGS):
        plan, text = example_of(style, BANKS[language], [kind], number, wording(language))
        assert problems(text, plan) == []


@pytest.mark.parametrize("domain", ["film", "news", "courses", "finance", "health"])
@pytest.mark.parametrize(("style", "language"), EVERY)
def test_the_words_of_a_domain_change_nothing_in_that(
    style: Style, language: str, domain: str
) -> None:
    plan, text = example_of(style, BANKS[language], ["fact"], 0, wording(language))
    assert problems(text, plan, domain) == []


@pytest.mark.parametrize(("style", "language"), EVERY)
def test_the_same_words_are_untrue_of_other_evidence(style: Style, language: str) -> None:
    """The checks above can fail: a cause that counts against the item is no reason."""
    plan, text = example_of(style, BANKS[language], [], 0, wording(language))
    turned = {
        id: piece.model_copy(update={"contribution": -1.0}) for id, piece in plan.evidence.items()
    }
    claims = [Claim("against", plan.claims[0].evidence)]
    assert problems(text, Plan(style.item, claims, turned, wording(language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_are_built_alike(language: str) -> None:
    bank = BANKS[language]
    built = {style.name: skeleton(style.text) for style in (*bank.always, *bank.styles)}
    assert [
        (one, other)
        for one, other in itertools.combinations(built, 2)
        if built[one] == built[other]
    ] == []
    of_three = [style for style in bank.styles if style.shape == ("H", 3)]
    alike = [
        (one.name, other.name)
        for one, other in itertools.combinations(of_three, 2)
        if is_copy(skeleton(one.text), [skeleton(other.text)])
    ]
    assert len(of_three) - len(alike) >= 12


@pytest.mark.parametrize(("style", "language"), EVERY)
def test_an_example_begins_and_speaks_as_its_request_asks(style: Style, language: str) -> None:
    assert style.text.startswith(style.opening or style.saying)
    assert style.saying in style.text
    assert not style.saying or "{ITEM}" in style.saying


@pytest.mark.parametrize("language", LANGUAGES)
def test_styles_rotate_among_those_of_the_plan_s_shape(language: str) -> None:
    bank = BANKS[language]
    claim = Claim("because_history", ("H1", "H2", "H3"))
    shown = [style_for(plan_of(claim, variant=v), bank) for v in range(28)]
    assert {style.shape for style in shown} == {("H", 3)}
    assert len({style.name for style in shown}) >= 12
    assert all(one != other for one, other in itertools.pairwise(shown))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_to_be_said_of_the_item_makes_no_copy_of_the_example(language: str) -> None:
    bank = BANKS[language]
    asked, copies = set(), 0
    for variant in range(200):
        plan = plan_of(Claim("because_history", ("H1", "H2", "H3")), variant=variant)
        style = style_for(plan, bank)
        _, example = example_of(style, bank, ["fact"], variant, wording(language))
        note = bank.sentence(Claim("fact", ("F1",)), variant + 1)
        saying = saying_for(plan, style, bank, example, [note])
        assert saying and saying != style.saying
        text = example.replace(style.saying, saying)
        copies += is_copy(skeleton(text), [skeleton(example)])
        asked.add((style.name, saying))
    assert copies < 0.3 * 200
    assert len(asked) >= 24


def test_a_shape_without_a_style_takes_the_nearest() -> None:
    many = plan_of(Claim("because_attr", ("A1", "A2", "A3", "A4")))
    assert style_for(many, BANKS["en"]).shape == ("A", 2)


def test_a_reason_that_has_no_style_is_refused() -> None:
    with pytest.raises(PromptError, match="'O'; templates tell"):
        style_for(plan_of(Claim("because_others", ("O1",))), BANKS["en"])


def test_a_plan_without_a_reason_is_refused() -> None:
    with pytest.raises(PromptError, match="gives no reason"):
        style_for(plan_of(Claim("fact", ("F1",))), BANKS["en"])


def test_a_style_without_its_case_is_named() -> None:
    files = read_request_files("en")
    files["styles.toml"] += '\n[[style]]\nname = "x"\ncase = "gone"\nopening = "x"\ntext = "x"\n'
    with pytest.raises(PromptError, match=r"styles\.toml: KeyError: 'gone'"):
        read_styles(build_requests(files, "en"))
