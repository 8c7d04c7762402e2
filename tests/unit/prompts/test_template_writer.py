"""One sentence a claim, cited, in the style of the variant; mistakes are typed errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, get_args

import pytest

from recx_agent.errors import PromptError
from recx_agent.explainer.claims import ClaimKind
from recx_agent.prompts import TemplateWriter
from recx_agent.prompts.claim_view import CITES
from recx_agent.prompts.template_set import MANIFEST, build, read_files
from recx_agent.protocols import Claim, ExplanationWriter, Plan
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
    listed = "is listed with the release year 1995."
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
    assert text.startswith("None of the 2 items in your history stands out")


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
    (Claim("without", ("H1",)), "lacks the value 'rank'"),
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
}


@pytest.mark.parametrize(("claim", "problem"), WRONG)
def test_what_cannot_be_worded_is_a_typed_error(
    writer: TemplateWriter, claim: Claim, problem: str
) -> None:
    with pytest.raises(PromptError, match=problem):
        writer.write(plan(claim, more=FAULTY))


def test_evidence_without_a_text_is_a_typed_error(writer: TemplateWriter) -> None:
    with pytest.raises(PromptError, match="'X1' is of no sort"):
        writer.evidence_text("X1", {}, {})
    with pytest.raises(PromptError, match="'H1' lacks the field 'title'"):
        writer.evidence_text("H1", {}, {})


def test_an_unknown_language_is_a_typed_error() -> None:
    with pytest.raises(PromptError, match="'tlh'"):
        TemplateWriter("tlh")


def test_what_each_claim_cites_is_known() -> None:
    assert set(CITES) == set(get_args(ClaimKind))


def test_the_prompt_version_follows_the_templates() -> None:
    files = read_files("en")
    before = build(files, "en")
    after = build({**files, "label.j2": files["label.j2"] + "\n"}, "en")
    assert before.prompt_version == TemplateWriter().prompt_version
    assert before.prompt_version.split("+")[0] == after.prompt_version.split("+")[0] == "en-1"
    assert before.prompt_version != after.prompt_version


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("label.j2", "macro fact(", "macro fiction(", "style 'label' has no macro .* 'fact'"),
        ("label.j2", "{%- endmacro", "{%- endmakro", "TemplateSyntaxError"),
        ("label.j2", '"_phrases.j2"', '"_gone.j2"', "TemplateNotFound"),
        (MANIFEST, 'fact = "fact"', "", "no macro for the claim 'fact'"),
        (MANIFEST, 'version = "1"', "", "KeyError: 'version'"),
        (MANIFEST, 'version = "1"', "version", "TOMLDecodeError"),
    ],
)
def test_damaged_templates_are_found_at_loading(
    name: str, old: str, new: str, problem: str
) -> None:
    files = read_files("en")
    assert old in files[name]
    with pytest.raises(PromptError, match=problem):
        build({**files, name: files[name].replace(old, new)}, "en")


def test_what_a_template_lacks_is_a_typed_error() -> None:
    files = read_files("en")
    broken = files["label.j2"].replace("{{ say.still(c) }}", "{{ c.nothing_there }}")
    with pytest.raises(PromptError, match="nothing_there"):
        build({**files, "label.j2": broken}, "en").word("label", "against", object())
