"""The verdict on a text: every sentence read, every assertion held against the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

from recx_agent.grounding.assertions import ITEM, Assertion
from recx_agent.grounding.attributes import Problem
from recx_agent.grounding.echoes import Echoes
from recx_agent.grounding.parser import BUDGET, readings
from recx_agent.grounding.placeholders import (
    PLACEHOLDER,
    is_copy,
    skeleton,
    tell,
    with_titles_of_texts,
)
from recx_agent.grounding.reader import Reader, check_labels, widest
from recx_agent.grounding.rules import Rules
from recx_agent.grounding.task_reader import HELD, TaskReader
from recx_agent.grounding.task_truth import TaskTruth
from recx_agent.grounding.tokens import Token, ends, sentences_of, tokens_of
from recx_agent.grounding.truth import Truth
from recx_agent.grounding.vocabulary import Vocabulary
from recx_agent.grounding.walking import Said
from recx_agent.protocols import Plan, Slot, Task
from recx_agent.schemas import Violation
from recx_agent.schemas.audit import JudgedSentence

MAX_CHARACTERS = 3_000
"""What follows after these is not read, but refused."""

STEPS = 12_000
"""Steps of the parser for a whole text; see :data:`recx_agent.grounding.parser.BUDGET`."""

MAX_TOKENS = 64
"""Longest sentence that is read; a longer one is refused."""

MAX_SENTENCES = 12
"""More than these are not read, but refused."""

_KINDS = {
    "told": "history", "deed": "history", "rated": "history", "level": "history",
    "felt": "history", "favourite": "history", "in_history": "history", "only": "because_history",
    "has": "fact", "shares": "in_common", "most": "weighed_most", "adds": "speaks_for",
    "ranks": "without", "out": "without", "users": "everyone", "now": "context",
    "wrote": "support", "searched": "support",
}  # fmt: skip


_NO_NEWS = frozenset({"suggested", "contrast", "opposed"})
"""What may be said again, and makes nothing new of what is."""


@dataclass(frozen=True)
class Reading:
    """A text, sentence by sentence, as it was read and judged."""

    sentences: tuple[JudgedSentence, ...]

    @property
    def ok(self) -> bool:
        """Whether there is something, and nothing wrong with it."""
        return bool(self.sentences) and not any(one.violations for one in self.sentences)


@lru_cache(maxsize=8)
def rules_of(language: str, task: Task = "explain") -> Rules:
    """The rules of a language for a task."""
    folder = resources.files("recx_agent.grounding").joinpath("languages", language)
    file = "rules.txt" if task == "explain" else f"{task}.txt"
    rules = Rules(folder.joinpath(file).read_text(encoding="utf-8"))
    if task == "explain":
        check_labels(rules)
    else:
        check_labels(rules, TaskReader, HELD)
    return rules


class Verifier:
    """Judges texts about plans.

    Parameters
    ----------
    vocabulary : Vocabulary
        Of the task.
    instructions : sequence of str
        The texts of the prompt: what repeats one is an echo.
    task : str
        Plans of which task it judges.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        *,
        instructions: Sequence[str] = (),
        task: Task = "explain",
    ) -> None:
        self._vocabulary = vocabulary
        self._rules = rules_of(vocabulary.language, task)
        self._echoes = Echoes(instructions)
        self._task = task

    def read(
        self,
        text: str,
        plan: Plan,
        slots: Mapping[str, Slot],
        *,
        finish_reason: str = "stop",
    ) -> Reading:
        """Judge a text with placeholders, or a filled one.

        Parameters
        ----------
        text : str
        plan : Plan
        slots : mapping of str to Slot
            The placeholders of the plan.
        finish_reason : str, optional
            Why the model ended; after ``"length"`` the last sentence is cut off.
        """
        slots = with_titles_of_texts(slots)
        read, rest = text[:MAX_CHARACTERS], text[MAX_CHARACTERS:]
        sentences = sentences_of(tokens_of(read, self._vocabulary, slots))
        explains = self._task == "explain"
        truth = Truth(plan, slots) if explains else TaskTruth(plan, slots)
        reader = Reader if explains else TaskReader
        judge = _Judge(self._rules, self._echoes, truth, slots, reader)
        judged = []
        for number, tokens in enumerate(sentences):
            raw = text[tokens[0].start : tokens[-1].end]
            cut = number == len(sentences) - 1 and finish_reason == "length"
            judged.append(judge.sentence(number, raw, tokens, cut=cut))
        if rest.strip():
            judged.append(_unread(len(judged), rest))
        return Reading(tuple(judged))

    def split(self, text: str, slots: Mapping[str, Slot]) -> tuple[str, ...]:
        """The sentences of a text as :meth:`read` cuts them, unjudged.

        What is read of a text that grows stays as it is, once another sentence has begun.
        """
        read, rest = text[:MAX_CHARACTERS], text[MAX_CHARACTERS:]
        tokens = tokens_of(read, self._vocabulary, with_titles_of_texts(slots))
        cut = [text[one[0].start : one[-1].end] for one in sentences_of(tokens)]
        return (*cut, rest) if rest.strip() else tuple(cut)


class _Judge:
    """Judges the sentences of one text, each in the light of those before."""

    def __init__(
        self,
        rules: Rules,
        echoes: Echoes,
        truth: Truth | TaskTruth,
        slots: Mapping[str, Slot],
        reader: type[Reader | TaskReader],
    ) -> None:
        self._rules = rules
        self._reader = reader
        self._echoes = echoes
        self._truth = truth
        self._slots = slots
        self._steps = STEPS
        self._earlier: Said | None = None
        self._asserted: set[Assertion] = set()
        self._skeletons: list[tuple[str, ...]] = []

    def sentence(
        self, number: int, raw: str, tokens: Sequence[Token], *, cut: bool
    ) -> JudgedSentence:
        """Judge one sentence."""
        problems: list[Problem] = list(self._surface(number, raw, tokens, cut))
        said = None
        if not problems:
            said, problems = self._meaning(tokens)
        cited = self._cited(tokens, said)
        if not cited and all(kind not in ("unknown_evidence",) for kind, _ in problems):
            problems.append(("uncited_sentence", "it cites nothing"))
        if said is not None and self._repeats(raw, said):
            problems.append(("repetition", "it was said before"))
        self._skeletons.append(_own_skeleton(raw))
        if said is not None:
            self._asserted.update(said.assertions)
            self._earlier = said
        violations = tuple(
            Violation(kind=kind, sentence=number, detail=detail)
            for kind, detail in dict.fromkeys(problems)
        )
        return JudgedSentence(
            raw=raw,
            text=tell(raw, self._slots),
            evidence=cited,
            claims=self._claims(said) if said else (),
            violations=violations,
        )

    def _surface(self, number: int, raw: str, tokens: Sequence[Token], cut: bool) -> list[Problem]:
        """What is wrong before anything is read."""
        found: list[Problem] = []
        if self._echoes.in_text(raw) or any("META" in token.kinds for token in tokens):
            found.append(("instruction_echo", "it speaks of what was asked for"))
        for token in tokens:
            for meaning in token.meanings:
                if meaning.kind == "UNKNOWN":
                    found.append((meaning.value, f"'{token.text[:60]}' is in no evidence"))
        if found:
            numbers = [token for token in tokens if "NUMBER" in token.kinds]
            found += [("foreign_number", f"'{t.text}' is in no evidence") for t in numbers]
        if cut or not ends(tokens[-1]):
            found.append(("truncated", "it does not end"))
        if number >= MAX_SENTENCES or len(tokens) > MAX_TOKENS:
            found.append(("unsupported_content", "it is too long"))
        return found

    def _meaning(self, tokens: Sequence[Token]) -> tuple[Said | None, list[Problem]]:
        """What every reading says, and what is wrong with the first that is wrong."""
        kept, after_all = _without_fillers(tokens)
        budget = min(BUDGET, self._steps)
        trees, taken = readings(kept, self._rules, "Sentence", budget)
        self._steps -= taken
        trees = widest(trees)
        if not trees:
            return None, [_not_understood(kept)]
        reader = self._reader(kept, self._slots, self._earlier, after_all)
        first: Said | None = None
        for tree in trees:
            said = self._with_earlier(reader.read(tree))
            first = first or said
            for assertion in said.assertions:
                problem = self._truth.problem(assertion)
                if problem is not None:
                    return said, [problem]
        return first, []

    def _with_earlier(self, said: Said) -> Said:
        """The causes of the sentence before in the place of "so"."""
        if not any(one.kind == "because" and "<" in one.about for one in said.assertions):
            return said
        before = said.causes or (self._earlier.causes if self._earlier else ())
        before = tuple(id for id in before if id != ITEM)
        assertions = tuple(
            replace(one, about=before) if one.kind == "because" and "<" in one.about else one
            for one in said.assertions
        )
        return replace(said, assertions=assertions)

    def _cited(self, tokens: Sequence[Token], said: Said | None) -> tuple[str, ...]:
        named = [
            token.slots for token in tokens if token.slots and not _is_word(token, self._slots)
        ]
        about: list[str] = []
        if said is not None:
            named += [names for one in said.assertions for names in one.slots]
            about = [id for one in said.assertions for id in one.about]
        cited = [self._slots[names[0]].evidence for names in named if names[0] in self._slots]
        cited += [id for id in about if id in self._truth.evidence]
        return tuple(dict.fromkeys(id for id in cited if id is not None))

    def _claims(self, said: Said) -> tuple[str, ...]:
        return self._truth.claims(said) if isinstance(self._truth, TaskTruth) else _claims(said)

    def _repeats(self, raw: str, said: Said) -> bool:
        own = {one for one in said.assertions if one.kind not in _NO_NEWS}
        if own and own <= self._asserted:
            return True
        return is_copy(_own_skeleton(raw), self._skeletons)


def _without_fillers(tokens: Sequence[Token]) -> tuple[list[Token], frozenset[int]]:
    """What is read of a sentence, and the places in it before which an "all" was left out."""
    kept: list[Token] = []
    after_all: set[int] = set()
    left_out = False
    for token in tokens:
        if token.kinds == {"FILLER"}:
            if token.meanings[0].value == "all":
                after_all.add(len(kept))
            left_out = True
            continue
        # The comma goes with what stood before it: "Also, …", "…, too, …".
        idle = left_out and token.kinds == {"COMMA"} and (not kept or kept[-1].kinds == {"COMMA"})
        left_out = left_out and idle
        if not idle and not ends(token):
            kept.append(token)
    return kept, frozenset(after_all)


def _unread(number: int, rest: str) -> JudgedSentence:
    """What is left of a text that is too long."""
    found = Violation(kind="unsupported_content", sentence=number, detail="the text is too long")
    return JudgedSentence(raw=rest, text=rest, violations=(found,))


def _is_word(token: Token, slots: Mapping[str, Slot]) -> bool:
    """Whether a slot's words may as well be a word of the language."""
    return len(token.meanings) > len({slots[name].role for name in token.slots})


def _own_skeleton(raw: str) -> tuple[str, ...]:
    """Words in order with the very placeholders: equal ones say the same."""
    masked = PLACEHOLDER.sub(lambda match: match[0].replace(".", "dot"), raw)
    return skeleton(masked.replace("{", " ").replace("}", " "))


def _not_understood(tokens: Sequence[Token]) -> Problem:
    """The most telling kind for a sentence that has no reading."""
    for token in tokens:
        if "NUMBER" in token.kinds:
            return "foreign_number", f"'{token.text}' is in no evidence"
    for token in tokens:
        if "ONLY" in token.kinds:
            return "causal_overclaim", f"'{token.text}' is more than the evidence carries"
    for token in tokens:
        if token.kinds & {"NOT", "NEVER"}:
            return "polarity_mismatch", f"'{token.text}': a denial that cannot be checked"
    return "unsupported_content", "it says something that cannot be checked"


def _claims(said: Said) -> tuple[str, ...]:
    """The kinds of claims that a sentence tells."""
    kinds = []
    for one in said.assertions:
        if one.kind == "because":
            of_attributes = any(id.startswith(("A", "=")) for id in one.about)
            kinds.append("because_attr" if of_attributes else "because_history")
        elif one.kind in _KINDS:
            kinds.append(_KINDS[one.kind])
        elif one.kind == "against":
            kinds.append("against")
        elif one.kind == "everyone":
            kinds.append("everyone" if one.value == "better" else "everyone_against")
    return tuple(dict.fromkeys(kinds))
