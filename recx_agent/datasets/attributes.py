"""Attributes of items: their values, and which of them can be features of a model."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from recx_agent.datasets.tables import LIST_MARK, Column
from recx_agent.datasets.validation import cleaned

MANY = 50
"""From this many values on, a column is judged by how many of them are distinct."""

Values = tuple[tuple[str, ...], ...]
"""The values of one attribute, by item."""

_FLOATED_INTEGER = re.compile(r"-?\d+\.0+")


def attribute_values(column: Column, separator: str) -> Values:
    """Split the values of each row; empty ones are none, equal ones one.

    Parameters
    ----------
    column : Column
        Text, or lists.
    separator : str
        Separates the values in a text; empty: one value a row.
    """
    separator = LIST_MARK if column.is_list else separator
    split = [_split(text, separator) for text in column.values]
    singles = [value for values in split for value in values]
    if singles and all(_FLOATED_INTEGER.fullmatch(value) for value in singles):
        # pandas writes a column of whole numbers as 1995.0 as soon as one is missing.
        split = [tuple(value.partition(".")[0] for value in values) for values in split]
    return tuple(split[code] for code in column.codes)


def _split(text: str, separator: str) -> tuple[str, ...]:
    parts = text.split(separator) if separator else [text]
    return tuple(dict.fromkeys(part for raw in parts if (part := cleaned(raw))))


def why_no_feature(values: Values) -> str | None:
    """Tell why an attribute is a fact alone, ``None`` if it can be a feature.

    A feature must be able to carry from one item to another. Numbers with decimals
    (prices, scores) and columns in which nearly every item has a value of its own (links,
    plots, keys) cannot.
    """
    singles = [some[0] for some in values if len(some) == 1]
    filled = sum(1 for some in values if some)
    if not filled:
        return "it has no value"
    # A column of lists is categorical; a stray separator in a plot makes no list.
    if 2 * len(singles) < filled:
        return None
    if _has_decimals(singles):
        return "its values are numbers with decimals"
    distinct = len(set(singles))
    if len(singles) >= MANY and 2 * distinct > len(singles):
        return f"{distinct} of its {len(singles)} values differ"
    return None


def _has_decimals(values: Sequence[str]) -> bool:
    whole = True
    for value in values:
        try:
            number = float(value)
        except ValueError:
            return False
        whole = whole and math.isfinite(number) and number.is_integer()
    return not whole
