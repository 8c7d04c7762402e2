"""What must hold for template text whatever the titles, numbers, claims and language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from recx_agent.explainer.claims import ABSTENTIONS, ClaimKind
from recx_agent.prompts import TemplateWriter
from recx_agent.prompts.cleaning import excerpt
from recx_agent.prompts.languages import Language, load_language
from recx_agent.prompts.template_set import load_manifest
from recx_agent.protocols import Claim, Plan
from recx_agent.schemas import Evidence

WRITER = TemplateWriter()
RULES: dict[str, Language] = {
    code: load_language(module) for code, module in load_manifest()["languages"].items()
}
CITED = {  # first letters of evidence; in_common cites history items and a fact
    "because_history": "H",
    "because_attr": "A",
    "because_others": "O",
    "in_common": "H",
    "context": "C",
    "support": "S",
    "everyone": "B",
    "everyone_against": "B",
    "fact": "F",
    "current_fact": "F",
    "chosen_elsewhere": "R",
    "no_single_cause": "T",
    "outside": "T",
    "rests_everyone": "B",
    "unforetold": "T",
    "no_history": "B",
    "own_item": "HF",
    "speaks_for": "HAO",
}
ONE = {"weighed_most", "own_item", "support", "chosen_elsewhere", "because_others"}
NASTY = [
    "{{ 7 * 7 }}",
    "{% raw %}",
    "Who?",
    "Mr.",
    "“x” and “y”",
    "》，因为你喜欢《",
    "好看。快买",
    '12" mix',
    "a\nb",
    "",
    "…",
    "…. Buy it now.",
]
CAUSAL = {
    "en": r"\b(because|reasons?|why|due to|thanks to|led to|owing|therefore|hence|since|so)\b",
    "zh": "因为|所以|原因|理由|由于|因此|因而|缘由|依据",
}
OF_A_RANK = re.compile(r", and so not (?=your first|among your top)")
"""What a rank means, and no cause of anything."""
DENIED = {
    "en": r"\b(not|none|no|nothing|without)\b",
    "zh": "没有|不|只是|只说|无从",
}
FEELINGS = {
    "en": r"\b(lik(?:e[sd]|ing)|loved?s?|enjoy\w*|favou?rites?|hated?)\b",
    "zh": "喜欢|喜爱|最爱|热爱|讨厌|精彩|好看|欣赏",
}
TYPES = ["rating", "view", "watch", "purchase", "interaction", "enrol", "add_to_cart", "zap"]
VALUES = ["Drama", "Sci-Fi", "J. K. Rowling", "剧情", "Oh no.", 1995.0, *NASTY]
NAMES = ["genre", "tags", "release_year"]
NOUNS = {"en": ["film", "TV series", "item"], "zh": ["电影", "商品", "课程", "东西"]}

texts = st.one_of(st.text(max_size=30), st.sampled_from(NASTY))
values = st.sampled_from(VALUES)
names = st.sampled_from(NAMES)
ranks = st.integers(1, 2000)
times = st.sampled_from(["2026-11-22T10:00:00+00:00", "2026-01-02T00:05:00+08:00"])


@st.composite
def history(draw: st.DrawFn) -> dict[str, Any]:
    events = [
        {
            "event_type": draw(st.sampled_from(TYPES)),
            "rating": draw(st.none() | st.sampled_from([1, 3.5, 5.0])),
            "date": draw(st.none() | st.just("1997-11-03")),
        }
        for _ in range(draw(st.integers(0, 4)))
    ]
    fields = {"title": draw(texts), "events": events, "event_type": draw(st.sampled_from(TYPES))}
    return {**fields, "rating_max": draw(st.none() | st.just(5))}


@st.composite
def everyone(draw: st.DrawFn) -> dict[str, Any]:
    users = draw(st.integers(1, 10**7))
    fields: dict[str, Any] = {"users": users, "liked_by": draw(st.integers(0, users))}
    if draw(st.booleans()):
        fields |= {"liked_from": 4.0, "share": draw(st.floats(0, 1))}
    elif draw(st.booleans()):
        fields["liked_event"] = draw(st.sampled_from(TYPES))
    return fields


@st.composite
def elsewhere(draw: st.DrawFn) -> dict[str, Any]:
    rank = draw(st.none() | ranks)
    return {"name": draw(texts), "rank": rank, "candidates": draw(ranks)}


attribute = st.fixed_dictionaries({"name": names, "value": values})
fact = st.fixed_dictionaries(
    {"name": names, "values": st.lists(values, min_size=1, max_size=9), "as_of": times}
)
whole = st.fixed_dictionaries(
    {
        "count": st.integers(1, 3000),
        "share": st.none() | st.floats(0, 1),
        "rank": st.integers(1, 3000),
        "candidates": st.integers(1, 3000),
    }
)
context = st.one_of(
    st.fixed_dictionaries(
        {"name": st.just("weekday"), "value": st.sampled_from(["monday", "Sunday", "someday"])}
    ),
    st.fixed_dictionaries(
        {"name": st.just("time_of_day"), "value": st.sampled_from(["night", "evening"])}
    ),
    st.fixed_dictionaries({"name": st.sampled_from(["device", "place"]), "value": values}),
)
words = st.fixed_dictionaries(
    {
        "text": st.one_of(texts, st.text(min_size=150, max_size=400)),
        "event_type": st.sampled_from(["review", "note", "search"]),
        "title": texts,
        "date": st.none() | st.just("1997-11-03"),
    }
)
KINDS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "H": history(),
    "A": attribute,
    "B": everyone(),
    "T": whole,
    "F": fact,
    "C": context,
    "O": st.just({"share": 0.2}),
    "R": elsewhere(),
    "S": words,
}
SINGLE = "BTORS"


@st.composite
def claims(draw: st.DrawFn, kind: str, evidence: dict[str, Evidence]) -> Claim:
    letter = draw(st.sampled_from(CITED.get(kind, "HA")))
    ids = [id for id in evidence if id.startswith(letter)]
    alone = kind in ONE or (kind == "without" and letter == "A")
    most = 1 if alone else 2 if kind == "context" else 3
    cited = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=most, unique=True))
    told: dict[str, Any] = {}
    if kind in ("weighed_most", "without"):
        told = {"rank": draw(ranks), "rank_without": draw(ranks), "k": draw(st.integers(1, 50))}
    if kind == "weighed_most" and draw(st.booleans()):
        told = {}
    if kind in ("because_history", "because_attr"):
        told["again"] = tuple(draw(st.lists(st.sampled_from(cited), unique=True)))
        told["also_for"] = tuple(draw(st.lists(texts, max_size=6)))
    if kind == "outside":
        told = {"k": draw(st.integers(1, 50))}
    if kind == "everyone":
        told["most"] = draw(st.booleans())
    if kind == "in_common":
        told = {"name": draw(names), "value": draw(values)}
        cited.append("F1")
    return Claim(kind, tuple(cited), told)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    evidence = {
        f"{letter}{number}": Evidence(
            id=f"{letter}{number}", kind="cause", text="-", fields=draw(fields)
        )
        for letter, fields in KINDS.items()
        for number in range(1, 2 if letter in SINGLE else 4)
    }
    kinds = draw(st.lists(st.sampled_from(get_args(ClaimKind)), min_size=1, max_size=5))
    language = draw(st.sampled_from(list(RULES)))
    wording = {
        "language": language,
        "item": draw(st.sampled_from(NOUNS[language])),
        "scale_unit": draw(st.sampled_from(["", "stars"])),
        "attribute_names": {"release_year": "年份" if language == "zh" else "release year"},
    }
    told = [draw(claims(kind, evidence)) for kind in kinds]
    return Plan(draw(texts), told, evidence, wording, draw(st.integers(0, 2**32)))


def language_of(plan: Plan) -> str:
    return str(plan.wording["language"])


def sentences(plan: Plan) -> list[str]:
    return [sentence.text for sentence in WRITER.write(plan).sentences]


def marked(text: str, language: str) -> list[str]:
    """What stands in quotes or title marks, with them."""
    return re.findall("《[^《》]*》|“[^“”]*”" if language == "zh" else "“[^“”]*”", text)


def outside(text: str, language: str) -> str:
    """The text with Q for everything in marks."""
    return re.sub("《[^《》]*》|“[^“”]*”" if language == "zh" else "“[^“”]*”", "Q", text)


def titles_of(plan: Plan) -> Iterator[str]:
    rules = RULES[language_of(plan)]
    noun = rules.noun(plan.wording["item"], "")
    data = [plan.item_title]
    data += [e.fields["title"] for e in plan.evidence.values() if "title" in e.fields]
    data += [title for claim in plan.claims for title in claim.values.get("also_for", ())]
    return (rules.title(title, noun) for title in data)


def values_of(plan: Plan) -> Iterator[str]:
    """Everything else that is data and may be told, in words."""
    rules = RULES[language_of(plan)]
    yield from (rules.value(value) for value in [*VALUES, "zap", "someday"])
    for piece in plan.evidence.values():
        if "name" in piece.fields:
            yield rules.value(piece.fields["name"])
        if "text" in piece.fields:
            text = excerpt(piece.fields["text"])
            yield rules.quoted(re.sub("(?<![.。])[.。]$", "", text))


@given(plans())
def test_every_sentence_is_finished(plan: Plan) -> None:
    language = language_of(plan)
    for text in sentences(plan):
        plain = outside(text, language)
        assert "\n" not in text and "None" not in plain[1:] and "Undefined" not in plain
        if language == "zh":
            assert plain.count("。") == 1 and plain.endswith("。")
            assert not re.search("[，。；：（、]{2}|（）|[，；：、]）|^[，；：、）]", plain), text
        else:
            assert text[0] == "“" or text[0].isupper()
            assert re.fullmatch(r".*[\w)%]\.", plain), text
            assert not re.search(r"  |\s[,.;:)]|[,.;:(]{2}|\(\s|[,;:]\.|\.\)", plain), text
            assert re.sub(r"\d[.,]\d|\b(?:\w\.\s)+", "", plain).count(".") == 1


@given(plans())
def test_marks_hold_data_and_nothing_else(plan: Plan) -> None:
    language = language_of(plan)
    known = {*titles_of(plan), *values_of(plan)}
    for text in sentences(plan):
        assert not set("“”《》" if language == "zh" else "“”") & set(outside(text, language))
        assert set(marked(text, language)) <= known


@given(plans())
def test_nothing_foreign_is_left_in_chinese(plan: Plan) -> None:
    """No Latin letters, half-width marks or spaces but those of data."""
    if language_of(plan) != "zh":
        return
    data = sorted({value for value in values_of(plan) if value[:1] not in "“《"}, key=len)
    for text in sentences(plan):
        plain = outside(text, "zh")
        for value in [*data[::-1], "genre", "tags", "device", "place", "weekday"]:
            plain = plain.replace(value, "值")
        plain = re.sub(r"UTC(\+\d\d:\d\d)?时间|\d\d:\d\d|\d,\d|Q", "数", plain)
        assert not re.search(r"[A-Za-z ,;:()?!\"']", plain), text


@given(plans())
def test_what_a_claim_cites_is_named(plan: Plan) -> None:
    language = language_of(plan)
    rules = RULES[language]
    noun = rules.noun(plan.wording["item"], "")
    for claim, text in zip(plan.claims, sentences(plan), strict=True):
        cited = [plan.evidence[id].fields for id in claim.evidence if id[0] in "HA"]
        short = claim.kind == "in_common" and re.search(r"\b(all|both)\b|这[两三]", text, re.I)
        if claim.kind != "own_item" and not short:
            assert all(rules.title(f["title"], noun) in text for f in cited if "title" in f)
            assert all(rules.value(f["value"]) in text for f in cited if "value" in f)
        if claim is plan.claims[0] and claim.kind not in ("weighed_most", "support"):
            assert rules.title(plan.item_title, noun) in text


@given(plans())
def test_causes_are_asserted_by_causal_claims_only(plan: Plan) -> None:
    language = language_of(plan)
    for claim, text in zip(plan.claims, sentences(plan), strict=True):
        plain = OF_A_RANK.sub(" ", outside(text, language))
        found = re.search(CAUSAL[language], plain, re.I)
        if claim.kind in ABSTENTIONS | {"chosen_elsewhere"}:
            assert not found or re.search(DENIED[language], plain, re.I), text
        elif not claim.kind.startswith("because_"):
            assert not found, text
        assert not re.search(FEELINGS[language], plain, re.I), text


@given(plans())
def test_citations_are_the_claims_and_the_text_is_repeatable(plan: Plan) -> None:
    draft = WRITER.write(plan)
    assert [s.evidence for s in draft.sentences] == [claim.evidence for claim in plan.claims]
    assert TemplateWriter().write(plan) == draft
    assert draft.writer.language == language_of(plan)


@given(plans())
def test_every_style_can_word_every_plan(plan: Plan) -> None:
    for variant in range(len(WRITER.styles)):
        claims = plan.claims
        draft = WRITER.write(Plan(plan.item_title, claims, plan.evidence, plan.wording, variant))
        assert len(draft.sentences) == len(claims)


@given(texts, st.integers(0, 7), st.sampled_from([("en", "film"), ("zh", "电影"), ("zh", "商品")]))
def test_no_title_is_a_template(title: str, variant: int, called: tuple[str, str]) -> None:
    language, item = called
    evidence = {"H1": Evidence(id="H1", kind="cause", text="-", fields={"title": title})}
    claim = Claim("because_history", ("H1",), {"also_for": (title,)})
    plan = Plan(title, [claim], evidence, {"language": language, "item": item}, variant)
    shown = RULES[language].title(title, RULES[language].noun(item, ""))
    assert sentences(plan)[0].count(shown) >= 3


@given(st.data())
def test_evidence_by_itself_is_one_clean_line(data: st.DataObject) -> None:
    letter = data.draw(st.sampled_from(sorted(KINDS)))
    language = data.draw(st.sampled_from(list(RULES)))
    fields = data.draw(KINDS[letter])
    wording = {"language": language, "item": NOUNS[language][0]}
    text = WRITER.evidence_text(f"{letter}1", fields, wording)
    plain = outside(text, language)
    assert text and text == text.strip() and "\n" not in text
    assert not re.search(r"  |\s[,.;:)]|None", plain), text
