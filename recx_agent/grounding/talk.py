"""Sentences that assert nothing: greetings, thanks, offers, questions, announcements.

An assistant says them around verified texts. They are read as closed-world as those texts are:
every word has to be known, and the whole has to be a sentence of ``languages/<language>/talk.txt``.
Nothing there names an item, a number, a deed, a feeling or a reason. Two of them say something
that has to be so: an announcement ("here is why:") names what follows, and "noted" tells that
something was kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from recx_agent.grounding.parser import Leaf, Node, readings
from recx_agent.grounding.rules import Rules
from recx_agent.grounding.tokens import Token, ends, sentences_of, tokens_of
from recx_agent.grounding.vocabulary import load_vocabulary
from recx_agent.grounding.walking import leaves_of

MAX_TOKENS = 40
"""Longest sentence that is read."""


@dataclass(frozen=True)
class Utterance:
    """A sentence that asserts nothing about the catalogue, the user or the reasons.

    Attributes
    ----------
    text : str
    announces : frozenset of str
        What it says will follow: ``list``, ``why``, ``compare``, ``what_if``, ``taste`` or
        ``any``; nothing for most.
    kept : bool
        Whether it says that something was kept.
    asks : bool
        Whether it offers or asks something: it belongs at the end.
    """

    text: str
    announces: frozenset[str] = frozenset()
    kept: bool = False
    asks: bool = False


class Talk:
    """Reads what an assistant says around verified texts.

    Parameters
    ----------
    language : str
        ``"en"`` or ``"zh"``.
    domain : mapping of str to sequence of str, optional
        Words of the domain; see :func:`recx_agent.grounding.load_vocabulary`.

    Raises
    ------
    SettingsError
        The language has no words.

    Examples
    --------
    >>> talk = Talk("en", {"item_nouns": ["film"]})
    >>> talk.read("Would you like another film?") is not None
    True
    >>> talk.read("You would love another film.") is None
    True
    """

    def __init__(self, language: str, domain: Mapping[str, Sequence[str]] | None = None) -> None:
        self._vocabulary = load_vocabulary(language, domain, "talk")
        self._rules = talk_rules(language)

    def sentences(self, text: str) -> list[str]:
        """Cut a text into sentences; a line break ends one, too."""
        found = sentences_of(tokens_of(text, self._vocabulary, {}))
        return [text[tokens[0].start : tokens[-1].end] for tokens in found]

    def read(self, sentence: str) -> Utterance | None:
        """What one sentence does; ``None`` where it asserts something, or is not understood."""
        tokens = tokens_of(sentence, self._vocabulary, {})
        kept = _read_words(tokens)
        if not kept or len(tokens) > MAX_TOKENS or any(_is_unknown(token) for token in kept):
            return None
        trees, _ = readings(kept, self._rules, "Sentence")
        if not trees:
            return None
        # Where it may be read in several ways, all that any of them says has to be so.
        nodes = [node for tree in trees for node in _nodes(tree)]
        announced = {
            leaf.value
            for node in nodes
            if node.label == "Announce"
            for leaf in leaves_of(node)
            if leaf.kind == "ANNOUNCED"
        }
        labels = {node.label for node in nodes}
        return Utterance(
            text=sentence.strip(),
            announces=frozenset(announced),
            kept="Done" in labels,
            asks=not labels.isdisjoint({"Offer", "Question"}),
        )


@lru_cache(maxsize=8)
def talk_rules(language: str) -> Rules:
    """The rules of a language for what asserts nothing."""
    folder = resources.files("recx_agent.grounding").joinpath("languages", language)
    return Rules(folder.joinpath("talk.txt").read_text(encoding="utf-8"))


def _read_words(tokens: Sequence[Token]) -> list[Token]:
    kept: list[Token] = []
    for token in tokens:
        idle = token.kinds == {"COMMA"} and (not kept or kept[-1].kinds == {"COMMA"})
        if token.kinds != {"FILLER"} and not ends(token) and not idle:
            kept.append(token)
    while kept and kept[-1].kinds == {"COMMA"}:
        kept.pop()
    return kept


def _is_unknown(token: Token) -> bool:
    return bool(token.kinds & {"UNKNOWN", "META"})


def _nodes(tree: Node) -> list[Node]:
    found = [tree]
    for child in tree.children:
        if not isinstance(child, Leaf):
            found += _nodes(child)
    return found
