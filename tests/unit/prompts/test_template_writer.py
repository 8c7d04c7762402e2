"""One sentence a claim, cited, in the style of the variant; mistakes are typed errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, get_args

import pytest

from recx_agent.errors import PromptError
from recx_agent.explainer.claims import ClaimKind
from recx_agent.prompts import TemplateWriter
from recx_agent.prompts.claim_rules import CITES
from recx_agent.prompts.template_set import MANIFEST, build, read_files
from recx_agent.protocols import Claim, Draft, ExplanationWriter, Plan
from recx_agent.schemas import Evidence

Written = Callable[..., list[str]]


def evidence(id: str, **fields: Any) -> Evidence:
    return Evidence(id=id, kind="cause", text="-", fields=fields)


def plan(
    *claims: Claim, variant: int = 0, more: Mapping[str, Evidence] = MappingProxyType({})
) -> Plan:
    known = {
        "H1": evidence("H1", title="Fargo", event_type="view"),
        "H2": evidence("H2", title="Heat", event_type="view"),
        "A1": evidence("A1", name="genre", value="Drama"),
        "F1": evidence("F1", name="genre", values=["Drama"]),
        "B1": evidence("B1", liked_by=3, users=9),
        **more,
    }
    return Plan("Jackie Brown", claims, known, {}, variant)


BECAUSE = Claim("because_history", ("H2", "H1"))


def test_each_claim_is_one_sentence_with_its_citations(writer: TemplateWriter) -> None:
    checked: ExplanationWriter = writer
    claims = (BECAUSE, Claim("in_common", ("H2", "H1", "F1"), {"name": "genre", "value": "Drama"}))
    draft = checked.write(plan(*claims))
    assert [sentence.evidence for sentence in draft.sentences] == [c.evidence for c in claims]
    assert draft.writer.kind == "template"
    assert draft.writer.language == "en"
    assert draft.writer.prompt_version == writer.prompt_version


def test_neighbouring_variants_differ_and_equal_ones_agree(writer: TemplateWriter) -> None:
    drafts = [writer.write(plan(BECAUSE, variant=variant)) for variant in range(20)]
    styles = [draft.writer.style for draft in drafts]
    count = len(writer.styles)
    assert count >= 6
    assert styles == [writer.styles[variant % count] for variant in range(20)]
    texts = [draft.sentences[0].text for draft in drafts]
    assert len(set(texts[:count])) == count
    assert texts[:count] == texts[count : 2 * count]
    large = writer.write(plan(BECAUSE, variant=2**32 - 1))
    assert large.writer.style == writer.styles[(2**32 - 1) % count]


def test_it_stands_for_the_item_only_where_that_is_clear(written: Written) -> None:
    because, fact = Claim("because_history", ("H1", "H2")), Claim("fact", ("F2",))
    listed = "is listed with release year 1995."
    assert written("item_first", because, fact)[-1] == f"It {listed}"
    most = Claim("weighed_most", ("H1",))
    assert written("item_first", because, most, fact)[-1] == f"“Jackie Brown” {listed}"
    ranked = Claim("weighed_most", ("H1",), {"rank": 1, "rank_without": 2, "k": 10})
    assert written("item_first", because, ranked, fact)[-1] == f"It {listed}"
    shared = Claim("because_history", ("H1",), {"also_for": ("Up",)})
    assert written("item_first", shared, fact)[-1] == f"“Jackie Brown” {listed}"
    against = Claim("against", ("H4",))
    assert written("item_first", because, against, fact)[-1] == f"“Jackie Brown” {listed}"
    assert written("item_first", because, Claim("against", ("A1",)), fact)[-1] == f"It {listed}"


def test_without_wording_an_item_is_an_item(writer: TemplateWriter) -> None:
    whole = evidence("T1", count=2)
    text = (
        writer.write(plan(Claim("no_single_cause", ("T1",)), more={"T1": whole})).sentences[0].text
    )
    whole_text = "None of the 2 items in your history stands out as the reason for “Jackie Brown”."
    assert text == whole_text


def test_a_title_of_two_items_is_told_of_both(written: Written) -> None:
    remake = {"title": "Emma", "event_type": "view"}
    text = written(
        "item_first", Claim("because_history", ("H1", "H2")), fields={"H1": remake, "H2": remake}
    )[0]
    assert text.endswith("because you viewed “Emma” and “Emma”.")


WRONG = [
    (Claim("because_magic", ("H1",)), "no such kind"),
    (Claim("because_history", ()), "cites no evidence"),
    (Claim("because_history", ("H9",)), "cites 'H9', which is not in the plan"),
    (Claim("because_history", ("A1",)), "cannot rest on evidence 'A1'"),
    (Claim("everyone", ("H1",)), "cannot rest on evidence 'H1'"),
    (Claim("against", ("H1", "A1")), "H1, A1 together"),
    (Claim("weighed_most", ("H1", "H2")), "H1, H2 together"),
    (Claim("without", ("A1", "A1")), "A1, A1 together"),
    (Claim("without", ("H1",)), "lacks the value 'rank'"),
    (Claim("because_others", ("H1",)), "cannot rest on evidence 'H1'"),
    (Claim("speaks_for", ("H1", "O1")), "H1, O1 together"),
    (Claim("context", ("H1",)), "cannot rest on evidence 'H1'"),
    (Claim("context", ("C2",)), "evidence 'C2' lacks the field 'value'"),
    (Claim("support", ("S2",)), "evidence 'S2' lacks the field 'text'"),
    (Claim("current_fact", ("F1",)), "evidence 'F1' lacks the field 'as_of'"),
    (Claim("current_fact", ("F3",)), "'as_of' of evidence 'F3' is '2026-11-22', no date and"),
    (Claim("current_fact", ("F1",), {"as_of": "now"}), "of claim 'current_fact' is 'now'"),
    (Claim("chosen_elsewhere", ("R2",)), "evidence 'R2' lacks the field 'name'"),
    (Claim("chosen_elsewhere", ("R3",)), "evidence 'R3' lacks the field 'candidates'"),
    (Claim("outside", ("T1",)), "claim 'outside' lacks the value 'k'"),
    (Claim("without", ("H1",), {"rank": 1.5, "rank_without": 2}), "no whole number"),
    (Claim("in_common", ("F1",), {"name": "genre", "value": "Drama"}), "no history item"),
    (Claim("in_common", ("H1", "F1"), {"name": "genre"}), "lacks the field 'value'"),
    (Claim("because_history", ("H3",)), "evidence 'H3' lacks the field 'title'"),
    (Claim("because_history", ("H4",)), "evidence 'H4': 'high' is no finite number"),
    (Claim("everyone", ("B4",)), "nan is no finite number"),
    (Claim("because_attr", ("A2",)), "evidence 'A2' lacks the field 'value'"),
    (Claim("everyone", ("B2",)), "evidence 'B2' lacks the field 'users'"),
    (Claim("everyone", ("B3",)), "'liked_by' of evidence 'B3' is 'many'"),
    (Claim("fact", ("F2",)), "evidence 'F2' lacks the field 'values'"),
]
FAULTY = {
    "H3": evidence("H3", event_type="view"),
    "H4": evidence("H4", title="Heat", event_type="rating", rating="high"),
    "A2": evidence("A2", name="genre"),
    "B2": evidence("B2", liked_by=0),
    "B3": evidence("B3", liked_by="many", users=9),
    "B4": evidence("B4", liked_by=0, users=9, share=float("nan")),
    "F2": evidence("F2", name="genre", values=[]),
    "F3": evidence("F3", name="price", values=["1"], as_of="2026-11-22"),
    "C2": evidence("C2", name="weekday"),
    "O1": evidence("O1", share=0.1),
    "R2": evidence("R2", rank=1, candidates=2),
    "R3": evidence("R3", name="Acme", rank=1),
    "S2": evidence("S2", event_type="review"),
    "T1": evidence("T1", count=2, rank=3, candidates=9),
}


@pytest.mark.parametrize(("claim", "problem"), WRONG)
def test_what_cannot_be_worded_is_a_typed_error(
    writer: TemplateWriter, claim: Claim, problem: str
) -> None:
    with pytest.raises(PromptError, match=problem):
        writer.write(plan(claim, more=FAULTY))


def test_an_unknown_language_is_a_typed_error(writer: TemplateWriter) -> None:
    with pytest.raises(PromptError, match="'tlh'; there are en, zh"):
        TemplateWriter("tlh")
    with pytest.raises(PromptError, match="'tlh'"):
        writer.write(Plan("X", [BECAUSE], {}, {"language": "tlh"}))


def test_the_wording_chooses_the_language(writer: TemplateWriter) -> None:
    def written(writer: TemplateWriter, **wording: str) -> Draft:
        given = plan(BECAUSE)
        return writer.write(Plan(given.item_title, given.claims, given.evidence, wording))

    english, chinese = written(writer, language="en"), written(writer, language="zh", item="电影")
    assert (english.writer.language, chinese.writer.language) == ("en", "zh")
    assert chinese.writer.prompt_version.startswith("zh-2+")
    assert chinese.text == "推荐《Jackie Brown》，是因为你浏览过《Heat》和《Fargo》。"
    assert written(TemplateWriter("zh"), item="电影") == chinese
    assert written(TemplateWriter("zh"), language="en") == written(writer) == english


def test_sentences_are_joined_as_the_language_does(writer: TemplateWriter) -> None:
    claims = (BECAUSE, Claim("fact", ("F1",)))
    for language, joint in (("en", ". "), ("zh", "。")):
        given = plan(*claims)
        draft = writer.write(Plan(given.item_title, claims, given.evidence, {"language": language}))
        first, second = (sentence.text for sentence in draft.sentences)
        assert draft.text == first[:-1] + joint + second


def test_what_each_claim_cites_is_known() -> None:
    assert set(CITES) == set(get_args(ClaimKind))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_prompt_version_follows_the_templates(language: str) -> None:
    files = read_files(language)
    before = build(files, language)
    after = build({**files, "label.j2": files["label.j2"] + "\n"}, language)
    assert before.prompt_version == TemplateWriter(language).prompt_version
    versions = {before.prompt_version.split("+")[0], after.prompt_version.split("+")[0]}
    assert versions == {f"{language}-2"}
    assert before.prompt_version != after.prompt_version


def test_the_styles_are_the_same_in_every_language(writer: TemplateWriter) -> None:
    for language in writer.languages:
        assert build(read_files(language), language).styles == writer.styles


def test_every_language_has_words_for_the_same_events(writer: TemplateWriter) -> None:
    english, *others = (build(read_files(code), code).events for code in writer.languages)
    assert all(set(words.types) == set(english.types) for words in others)
    assert {*english.meanings.ratings, *english.meanings.searches} <= set(english.types)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("label.j2", "macro fact(", "macro fiction(", "'label' has no macro 'fact'"),
        ("evidence.j2", "macro T(", "macro U(", "'evidence' has no macro 'T'"),
        ("label.j2", "{%- endmacro", "{%- endmakro", "TemplateSyntaxError"),
        ("label.j2", '"_phrases.j2"', '"_gone.j2"', "TemplateNotFound"),
        (MANIFEST, 'version = "2"', "", "KeyError: 'version'"),
        (MANIFEST, 'version = "2"', "version", "TOMLDecodeError"),
        ("events.toml", "[unsaid]", "[said]", "KeyError: 'unsaid'"),
    ],
)
def test_damaged_templates_are_found_at_loading(
    language: str, name: str, old: str, new: str, problem: str
) -> None:
    files = read_files(language)
    assert old in files[name]
    with pytest.raises(PromptError, match=problem):
        build({**files, name: files[name].replace(old, new)}, language)


def test_what_a_template_lacks_is_a_typed_error() -> None:
    files = read_files("en")
    broken = files["label.j2"].replace("{{ say.still(c) }}", "{{ c.nothing_there }}")
    with pytest.raises(PromptError, match="nothing_there"):
        build({**files, "label.j2": broken}, "en").word("label", "against", object())


def test_without_a_history_nothing_is_compared_with_it(written: Written) -> None:
    b1 = evidence("B1", liked_by=3, users=9)
    chosen = evidence("R1", name="Acme", rank=2, candidates=9)
    claims = (Claim("chosen_elsewhere", ("R1",)), Claim("everyone", ("B1",), {"most": False}))
    given = Plan("Up", claims, {"B1": b1, "R1": chosen}, {})
    text = TemplateWriter().write(given).sentences[1].text
    assert text.startswith("How “Up” does with everyone adds to its score: 3 of 9 users")
    with_history = Plan("Up", claims, {**given.evidence, "T1": evidence("T1", count=1)}, {})
    assert "than your history alone" in TemplateWriter().write(with_history).sentences[1].text


@pytest.mark.parametrize(("language", "however"), [("en", "On the other hand"), ("zh", "另一方面")])
def test_a_turn_needs_something_to_turn_from(written: Written, language: str, however: str) -> None:
    because, against = Claim("because_history", ("H1",)), Claim("against", ("H4",))
    outside = Claim("outside", ("T1",), {"k": 10})
    assert written("you_see", because, against, language=language)[1].startswith(however)
    assert not written("you_see", outside, against, language=language)[1].startswith(however)
    assert not written("you_see", against, language=language)[0].startswith(however)


def test_values_are_all_shown_up_to_seven(written: Written) -> None:
    def told(count: int) -> str:
        fields = {"F1": {"name": "tag", "values": list("ABCDEFGHIJ"[:count])}}
        return written("goes_back", Claim("fact", ("F1",)), fields=fields)[0]

    assert told(7).endswith("tags A, B, C, D, E, F, and G.")
    assert told(8).endswith("tags A, B, C, D, E, and 3 others.")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "claim",
    [
        Claim("no_single_cause", ("T1",)),
        Claim("no_single_cause", ("T2",)),
        Claim("rests_everyone", ("B1",)),
        Claim("own_item", ("H1",)),
    ],
)
def test_what_another_recommender_chose_is_no_suggestion_of_ours(
    writer: TemplateWriter, written: Written, language: str, claim: Claim
) -> None:
    chosen = Claim("chosen_elsewhere", ("R1",))
    for style in writer.styles:
        text = written(style, chosen, claim, language=language)[1]
        assert not re.search("suggest|recommend|reason|are seeing|推荐(?!分)|原因|理由", text)
