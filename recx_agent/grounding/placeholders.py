"""Placeholders in a text: put the words in, find them again, mask them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from recx_agent.protocols import Slot

PLACEHOLDER = re.compile(r"\{\s*([A-Za-z][\w.]{0,40}?)\s*\}")
_MARKS = "\"“”'‘’《》〈〉「」"
_ONE_MARK = str.maketrans(dict.fromkeys("“”《》〈〉「」„‟", '"') | dict.fromkeys("‘’", "'"))
_QUOTED = re.compile(rf"([{_MARKS}])\s*(\{{[\w.]+\}})\s*([{_MARKS}])")
_WORD = re.compile(r"\{[\w.]+\}|[^\W_]+(?:['’-][^\W_]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SCALE = re.compile(r"（([^（）]*)）$")
_TITLE = re.compile("“[^“”]+”|《[^《》]+》")
_COUNT = re.compile(r"^(\S+) of (\S+ users?)$")
_BEGINS = re.compile(r"(?:^|[.!?])\s*$")
_DEEDS = re.compile(r"\{[A-Z]\d+\.deed\}(?:(?:, and|,| and) \{[A-Z]\d+\.deed\})+")
_ONE_DEED = re.compile(r"([a-z]+ )(“[^“”]+”(?: [\d.]+ out of [\d.]+)?)")
COPY_SHARE = 0.8


def one_mark(text: str) -> str:
    """The text with all sorts of quotation marks as straight ones, of the same length."""
    return text.translate(_ONE_MARK)


def fill(text: str, slots: Mapping[str, Slot]) -> str:
    """Put the slots' words in the place of their placeholders; a sentence begins with a capital.

    Quotation marks around a placeholder go where its words bring their own; a placeholder
    that is not among the slots stays as it is.
    """

    def bare(match: re.Match[str]) -> str:
        slot = slots.get(match[2][1:-1])
        own = slot is not None and slot.text[:1] in _MARKS
        return match[2] if own else match[0]

    def words(match: re.Match[str]) -> str:
        slot = slots.get(match[1])
        if slot is None:
            return match[0]
        first = _BEGINS.search(match.string, 0, match.start()) is not None
        return _capital(slot.text) if first else slot.text

    return PLACEHOLDER.sub(words, _QUOTED.sub(bare, text))


def tell(text: str, slots: Mapping[str, Slot]) -> str:
    """`fill`, and of deeds in a row with the same verb the first alone keeps it.

    "rated “Heat” 4 out of 5 and “Fargo” 5 out of 5": a placeholder has a verb of its own, since
    it may stand alone.
    """

    def in_a_row(match: re.Match[str]) -> str:
        verb, row = "", []
        for part in re.split(r"(\{[^{}]+\})", match[0]):
            slot = slots.get(part[1:-1])
            deed = _ONE_DEED.fullmatch(slot.text) if slot is not None else None
            if part.startswith("{"):
                row.append(deed[2] if deed is not None and deed[1] == verb else part)
                verb = deed[1] if deed is not None else ""
            else:
                row.append(part)
        return "".join(row)

    return fill(_DEEDS.sub(in_a_row, text), slots)


def unfill(text: str, slots: Mapping[str, Slot]) -> str:
    """Find the slots' words in a filled text; the longest first, whole words only.

    Quotation marks of any sort are taken as equal. Of slots with the same words the first
    by name stands for all.
    """
    index = SlotWords.of(slots)
    found: list[str] = []
    position = 0
    plain = one_mark(text)
    while position < len(text):
        hit = index.at(plain, position)
        if hit is None:
            found.append(text[position])
            position += 1
            continue
        names, position = hit
        found.append("{" + names[0] + "}")
    return "".join(found)


class SlotWords:
    """Where the words of slots stand in a text.

    Parameters
    ----------
    slots : iterable of Slot
    """

    def __init__(self, slots: Iterable[Slot]) -> None:
        names: dict[str, list[str]] = {}
        slots = tuple(slots)
        item = next((slot.text for slot in slots if slot.role == "item"), "")
        for slot in slots:
            for text in _ways(slot, item):
                names.setdefault(one_mark(text), []).append(slot.name)
        self._names = {text: tuple(sorted(own, key=_preference)) for text, own in names.items()}
        self._by_first: dict[str, list[str]] = {}
        for text in sorted(self._names, key=len, reverse=True):
            self._by_first.setdefault(text[0], []).append(text)

    @classmethod
    def of(cls, slots: Mapping[str, Slot]) -> SlotWords:
        """Those of a plan's slots; kept for the last few plans."""
        return _slot_words(tuple(slots.values()))

    def at(self, plain: str, position: int) -> tuple[tuple[str, ...], int] | None:
        """The slots whose words begin here, and where those words end.

        ``plain`` has gone through `one_mark`.
        """
        for text in self._by_first.get(plain[position], ()):
            if plain.startswith(text, position) and _whole(plain, position, text):
                return self._names[text], position + len(text)
        return None


@lru_cache(maxsize=64)
def _slot_words(slots: tuple[Slot, ...]) -> SlotWords:
    return SlotWords(slots)


def _ways(slot: Slot, item: str) -> list[str]:
    """How a slot's words may stand in a text.

    At the beginning of a sentence with a capital; the scale of a rating that is in brackets
    also after a comma, or not at all; "298 of 943 users" as "of 943 users, 298"; what those
    users did with "it" in the place of the item's title, or nothing (给《甲》打了, 打了).
    """
    text = slot.text.strip()
    ways = [text, _capital(text)]
    if slot.role in ("deed", "rating"):
        ways += [_SCALE.sub(r"，\1", text), _SCALE.sub("", text)]
    if slot.role == "count":
        turned = _COUNT.sub(r"of \2, \1", text)
        ways += [turned, _capital(turned)]
    if slot.role == "liked" and item and item in text:
        ways += [text.replace(item, "it"), text.replace(item, "它")]
        ways += [text.replace(f"给{item}", "")] if f"给{item}" in text else []
    return [way for way in dict.fromkeys(ways) if way]


def with_titles_of_texts(slots: Mapping[str, Slot]) -> dict[str, Slot]:
    """The slots, and the titles that the user's own texts are about, which none of them shows.

    They can be told in a filled text, but not named: their names are no placeholders.
    """
    found = dict(slots)
    for slot in slots.values():
        quote = slots.get(slot.evidence or "")
        if slot.role == "deed" and quote is not None and quote.role == "quote":
            title = _TITLE.search(slot.text.removesuffix(quote.text))
            if title is not None:
                name = f"{slot.evidence} is about"
                found[name] = Slot(name, slot.evidence, "title", title[0])
    return found


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _preference(name: str) -> tuple[bool, str]:
    """Causes before facts, where both have the same words."""
    return not name.startswith(("A", "H")), name


def _whole(plain: str, start: int, text: str) -> bool:
    """Whether the words do not go on before or after, in scripts with spaces."""
    end = start + len(text)
    before = plain[start - 1] if start else " "
    after = plain[end] if end < len(plain) else " "
    return not (_runs_on(before, text[0]) or _runs_on(text[-1], after))


def _runs_on(left: str, right: str) -> bool:
    if _HAN.match(left) or _HAN.match(right):
        return False
    return left.isalnum() and right.isalnum()


def skeleton(text: str) -> tuple[str, ...]:
    """Lower-case words in order, placeholders masked by what they stand for.

    ``{H2.deed}`` and ``{H1.deed}`` are both ``{H.deed}``; scripts without spaces are taken
    character by character.
    """
    words: list[str] = []
    for word in _WORD.findall(PLACEHOLDER.sub(lambda match: "{" + match[1] + "}", text)):
        if word.startswith("{"):
            words.append(re.sub(r"\d+", "", word))
        elif _HAN.search(word):
            words.extend(word.lower())
        else:
            words.append(word.lower())
    return tuple(words)


def is_copy(own: Sequence[str], others: Iterable[Sequence[str]]) -> bool:
    """Whether a skeleton equals another or shares 80 % of its word sequence with one.

    The share is that of the longest common subsequence in the longer of the two.
    """
    return any(_shared(own, other) >= COPY_SHARE for other in others)


def _shared(one: Sequence[str], other: Sequence[str]) -> float:
    longer = max(len(one), len(other))
    if not longer:
        return 1.0
    if min(len(one), len(other)) < COPY_SHARE * longer:
        return 0.0
    before = [0] * (len(other) + 1)
    for word in one:
        row = [0]
        for n, theirs in enumerate(other):
            row.append(before[n] + 1 if word == theirs else max(before[n + 1], row[n]))
        before = row
    return before[-1] / longer
