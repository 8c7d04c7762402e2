"""What must hold for template text whatever the titles, numbers and claims."""

from __future__ import annotations

import re
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from recx_agent.explainer.claims import ABSTENTIONS, ClaimKind
from recx_agent.prompts import TemplateWriter
from recx_agent.prompts.cleaning import plain_value, quoted
from recx_agent.protocols import Claim, Plan
from recx_agent.schemas import Evidence

WRITER = TemplateWriter()
CITED = {  # first letters of evidence; in_common cites history items and a fact
    "because_attr": "A",
    "everyone": "B",
    "everyone_against": "B",
    "fact": "F",
    "no_single_cause": "T",
    "outside": "T",
    "rests_everyone": "B",
    "no_history": "B",
}
NASTY = ["{{ 7 * 7 }}", "{% raw %}", "Who?", "Mr.", "“x” and “y”", '12" mix', "a\nb", "", "…", "…."]
CAUSAL = re.compile(
    r"\b(because|reasons?|why|due to|thanks to|led to|owing|therefore|hence|since|so)\b", re.I
)
FEELINGS = re.compile(r"\b(lik(?:e[sd]|ing)|loved?s?|enjoy\w*|favou?rites?|hated?)\b", re.I)
TYPES = ["rating", "view", "watch", "purchase", "interaction", "enrol", "add_to_cart", "zap"]

texts = st.one_of(st.text(max_size=30), st.sampled_from(NASTY))
values = st.one_of(st.sampled_from(["Drama", "Sci-Fi", "J. K. Rowling", "Oh no.", 1995.0, *NASTY]))
names = st.sampled_from(["genre", "tags", "release_year"])
ranks = st.integers(1, 2000)


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
        fields |= {"liked_by_text": "rated it 4 or higher", "share": draw(st.floats(0, 1))}
    return fields


attribute = st.fixed_dictionaries({"name": names, "value": values})
fact = st.fixed_dictionaries({"name": names, "values": st.lists(values, min_size=1, max_size=8)})
whole = st.fixed_dictionaries(
    {
        "count": st.integers(1, 3000),
        "share": st.none() | st.floats(0, 1),
        "rank": st.integers(1, 3000),
        "candidates": st.integers(1, 3000),
    }
)
KINDS = {"H": history(), "A": attribute, "B": everyone(), "T": whole, "F": fact}


@st.composite
def claims(draw: st.DrawFn, kind: str, evidence: dict[str, Evidence]) -> Claim:
    letter = CITED.get(kind) or draw(st.sampled_from("HA"))
    if kind in ("because_history", "in_common"):
        letter = "H"
    if kind == "own_item":
        letter = draw(st.sampled_from("HF"))
    ids = [id for id in evidence if id.startswith(letter)]
    most = 1 if kind in ("weighed_most", "without", "own_item") else 3
    cited = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=most, unique=True))
    told: dict[str, Any] = {}
    if kind in ("weighed_most", "without"):
        told = {"rank": draw(ranks), "rank_without": draw(ranks), "k": draw(st.integers(1, 50))}
    if kind == "weighed_most" and draw(st.booleans()):
        told = {}
    if kind.startswith("because_"):
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
        for number in range(1, 2 if letter in "BT" else 4)
    }
    kinds = draw(st.lists(st.sampled_from(get_args(ClaimKind)), min_size=1, max_size=5))
    wording = {
        "item": draw(st.sampled_from(["film", "TV series", "item"])),
        "scale_unit": draw(st.sampled_from(["", "stars"])),
        "attribute_names": {"release_year": "release year"},
    }
    told = [draw(claims(kind, evidence)) for kind in kinds]
    return Plan(draw(texts), told, evidence, wording, draw(st.integers(0, 2**32)))


def sentences(plan: Plan) -> list[str]:
    return [sentence.text for sentence in WRITER.write(plan).sentences]


def without_quotes(text: str) -> str:
    return re.sub("“[^“”]*”", "Q", text)


def quotes(text: str) -> set[str]:
    return set(re.findall("“[^“”]*”", text))


@given(plans())
def test_every_sentence_is_finished(plan: Plan) -> None:
    for text in sentences(plan):
        outside = without_quotes(text)
        assert text[0] == "“" or text[0].isupper()
        assert re.fullmatch(r".*[\w)]\.", outside)
        assert not re.search(r"  |\s[,.;:)]|[,.;:(]{2}|\(\s|[,;:]\.|\.\)", outside), text
        assert "\n" not in text and "None" not in outside[1:] and "Undefined" not in outside
        assert re.sub(r"\d[.,]\d|\b(?:\w\.\s)+", "", outside).count(".") == 1


@given(plans())
def test_quotes_hold_titles_and_values_and_nothing_else(plan: Plan) -> None:
    data = [plan.item_title, *NASTY, "Oh no."]
    data += [e.fields["title"] for e in plan.evidence.values() if "title" in e.fields]
    data += [title for claim in plan.claims for title in claim.values.get("also_for", ())]
    for text in sentences(plan):
        assert not set("“”") & set(without_quotes(text))
        assert quotes(text) <= {quoted(each) for each in data}


@given(plans())
def test_what_a_claim_cites_is_named(plan: Plan) -> None:
    for claim, text in zip(plan.claims, sentences(plan), strict=True):
        cited = [plan.evidence[id].fields for id in claim.evidence]
        short = claim.kind == "in_common" and re.search(r"\b(all|both)\b", text, re.I)
        if claim.kind != "own_item" and not short:
            assert all(quoted(f["title"]) in text for f in cited if "title" in f)
            assert all(plain_value(f["value"]) in text for f in cited if "value" in f)
        if claim is plan.claims[0] and claim.kind != "weighed_most":
            assert quoted(plan.item_title) in text


@given(plans())
def test_causes_are_asserted_by_causal_claims_only(plan: Plan) -> None:
    for claim, text in zip(plan.claims, sentences(plan), strict=True):
        found = CAUSAL.search(without_quotes(text))
        if claim.kind in ABSTENTIONS:
            denied = re.search(r"\b(not|none|no|nothing|without)\b", text, re.I)
            assert not found or denied
        elif not claim.kind.startswith("because_"):
            assert not found, text
        assert not FEELINGS.search(without_quotes(text)), text


@given(plans())
def test_citations_are_the_claims_and_the_text_is_repeatable(plan: Plan) -> None:
    draft = WRITER.write(plan)
    assert [s.evidence for s in draft.sentences] == [claim.evidence for claim in plan.claims]
    assert TemplateWriter().write(plan) == draft


@given(plans())
def test_every_style_can_word_every_plan(plan: Plan) -> None:
    for variant in range(len(WRITER.styles)):
        claims = plan.claims
        draft = WRITER.write(Plan(plan.item_title, claims, plan.evidence, plan.wording, variant))
        assert len(draft.sentences) == len(claims)


@given(texts, st.integers(0, 7))
def test_no_title_is_a_template(title: str, variant: int) -> None:
    evidence = {"H1": Evidence(id="H1", kind="cause", text="-", fields={"title": title})}
    claim = Claim("because_history", ("H1",), {"also_for": (title,)})
    plan = Plan(title, [claim], evidence, {"item": "film"}, variant)
    assert sentences(plan)[0].count(quoted(title)) >= 3


@given(st.data())
def test_evidence_by_itself_is_one_clean_line(data: st.DataObject) -> None:
    letter = data.draw(st.sampled_from(sorted(KINDS)))
    fields = data.draw(KINDS[letter])
    text = WRITER.evidence_text(f"{letter}1", fields, {"item": "film"})
    outside = without_quotes(text)
    assert text and text == text.strip() and "\n" not in text
    assert not re.search(r"  |\s[,.;:)]|None", outside), text
