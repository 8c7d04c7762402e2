"""Rules of clauses: read from a text file, compiled for the parser.

::

    body   = statement (COMMA? 'and' statement)*     # rules in lower case are transparent
    Share  = Item 'shares' NAME? VALUE 'with' Titles # with a capital: a node of the tree

``Titles_one`` makes the same node as ``Titles``. Words in quotes are literal words; names in
capitals are classes of the vocabulary (one value of a class: ``DEED:watch``) and become leaves;
``?``, ``*`` and brackets mean what they usually do. A line that begins with white space goes on
with the rule above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(r"\s*(?:([A-Za-z_][\w]*(?::\w+)?)|'([^']+)'|([()|?*]))")
_RULE = re.compile(r"^([A-Za-z_]\w*)\s*=\s*(.*)$")


@dataclass
class Symbol:
    """A rule, a class or a literal word, compiled.

    Attributes
    ----------
    label : str
        Name of the node; empty for what is transparent.
    bit : int
        Of a terminal: its bit in the mask of a token; 0 for a rule.
    kept : bool
        Of a terminal: whether it becomes a leaf.
    options : list of list of Symbol
        Of a rule: what it may consist of.
    first : int
        Mask of the terminals it may begin with.
    empty : bool
        Whether it may be of no token at all.
    """

    number: int
    label: str = ""
    bit: int = 0
    kept: bool = False
    kind: str = ""
    value: str = ""
    options: list[list[Symbol]] = field(default_factory=list)
    first: int = 0
    empty: bool = False


class Rules:
    """The rules of one language.

    Parameters
    ----------
    text : str

    Raises
    ------
    ValueError
        A rule cannot be read, or names one that there is not.
    """

    def __init__(self, text: str) -> None:
        self._symbols: dict[str, Symbol] = {}
        self.classes: dict[tuple[str, str], int] = {}
        self.literals: dict[str, int] = {}
        self._count = 0
        self._bits = 0
        bodies = dict(_bodies(text))
        for name in bodies:
            self._symbols[name] = self._new(label=_label(name))
        for name, body in bodies.items():
            parts = list(_parts(name, body))
            options, rest = self._options(parts, 0, name)
            if rest != len(parts):
                raise ValueError(f"rule '{name}': a bracket too many")
            self._symbols[name].options = options
        self._close()

    @property
    def labels(self) -> list[str]:
        """The nodes that the rules make."""
        return [symbol.label for symbol in self._symbols.values() if symbol.label]

    def __getitem__(self, name: str) -> Symbol:
        return self._symbols[name]

    def _new(self, **values: object) -> Symbol:
        self._count += 1
        return Symbol(self._count, **values)  # type: ignore[arg-type]

    def _options(
        self, parts: list[tuple[str, str]], at: int, rule: str
    ) -> tuple[list[list[Symbol]], int]:
        options: list[list[Symbol]] = [[]]
        while at < len(parts):
            sort, text = parts[at]
            if sort == "mark" and text == "|":
                options.append([])
            elif sort == "mark" and text == ")":
                break
            elif sort == "mark" and text == "(":
                inner, at = self._options(parts, at + 1, rule)
                if at >= len(parts):
                    raise ValueError(f"rule '{rule}': a bracket too few")
                group = self._new()
                group.options = inner
                options[-1].append(group)
            elif sort == "mark":
                options[-1][-1] = self._repeated(options[-1][-1], text)
            else:
                options[-1].append(self._atom(sort, text, rule))
            at += 1
        return options, at

    def _repeated(self, symbol: Symbol, mark: str) -> Symbol:
        again = self._new()
        again.options = [[symbol] if mark == "?" else [symbol, again], []]
        return again

    def _atom(self, sort: str, text: str, rule: str) -> Symbol:
        if sort == "literal":
            symbol = self._terminal(f"'{text}'")
            self.literals[text] = symbol.bit
            return symbol
        if text in self._symbols:
            return self._symbols[text]
        kind, _, value = text.partition(":")
        if not kind.isupper():
            raise ValueError(f"rule '{rule}': there is no rule '{text}'")
        symbol = self._terminal(text)
        symbol.kept, symbol.kind, symbol.value = True, kind, value
        self.classes[kind, value] = symbol.bit
        return symbol

    def _terminal(self, name: str) -> Symbol:
        if name not in self._symbols:
            self._symbols[name] = self._new(bit=1 << self._bits, first=1 << self._bits)
            self._bits += 1
        return self._symbols[name]

    def _close(self) -> None:
        """Find out what each rule may begin with."""
        rules = self._all()
        changed = True
        while changed:
            changed = False
            for symbol in rules:
                first, empty = symbol.first, symbol.empty
                for option in symbol.options:
                    for part in option:
                        first |= part.first
                        if not part.empty:
                            break
                    else:
                        empty = True
                if (first, empty) != (symbol.first, symbol.empty):
                    symbol.first, symbol.empty, changed = first, empty, True

    def _all(self) -> list[Symbol]:
        found: dict[int, Symbol] = {}
        waiting = list(self._symbols.values())
        while waiting:
            symbol = waiting.pop()
            if symbol.number not in found:
                found[symbol.number] = symbol
                waiting.extend(part for option in symbol.options for part in option)
        return list(found.values())


def _label(name: str) -> str:
    """``Titles`` of ``Titles`` and of ``Titles_one``; none of a transparent rule."""
    return name.split("_")[0] if name[0].isupper() and not name.isupper() else ""


def _bodies(text: str) -> Iterator[tuple[str, str]]:
    name, body = "", ""
    for line in text.splitlines():
        line = line.split("#")[0].rstrip()
        if not line:
            continue
        if line[0].isspace():
            body += " " + line.strip()
            continue
        if name:
            yield name, body
        match = _RULE.match(line)
        if match is None:
            raise ValueError(f"this is no rule: {line!r}")
        name, body = match[1], match[2]
    if name:
        yield name, body


def _parts(rule: str, body: str) -> Iterator[tuple[str, str]]:
    at = 0
    body = body.rstrip()
    while at < len(body):
        match = _TOKEN.match(body, at)
        if match is None:
            raise ValueError(f"rule '{rule}': cannot read {body[at : at + 20]!r}")
        if match[1]:
            yield "name", match[1]
        elif match[2]:
            yield "literal", match[2]
        else:
            yield "mark", match[3]
        at = match.end()
