"""Reads a date as it is written in either language."""

from __future__ import annotations

import re
from datetime import datetime

_DAY = "%Y-%m-%d"


def day_of(text: str) -> str:
    """The day as ``1998-04-09``, a month as ``1998-04``; as it stands where it is no date."""
    if found := re.fullmatch(r"(\d{4})年(\d{1,2})月", text):
        return f"{found[1]}-{int(found[2]):02}"
    if found := re.fullmatch(r"(\d{4})\D(\d{1,2})\D(\d{1,2})日?", text):
        year, month, day = map(int, found.groups())
        return f"{year}-{month:02}-{day:02}"
    for form, told in (("%d %B %Y", _DAY), ("%B %d, %Y", _DAY), ("%B %Y", "%Y-%m")):
        try:
            return f"{datetime.strptime(text, form):{told}}"
        except ValueError:
            continue
    return text
