"""Reads a date as it is written in either language."""

from __future__ import annotations

import re
from datetime import datetime


def day_of(text: str) -> str:
    """The day as ``1998-04-09``; as it stands where it is no date."""
    if found := re.fullmatch(r"(\d{4})\D(\d{1,2})\D(\d{1,2})日?", text):
        year, month, day = map(int, found.groups())
        return f"{year}-{month:02}-{day:02}"
    for form in ("%d %B %Y", "%B %d, %Y"):
        try:
            return f"{datetime.strptime(text, form):%Y-%m-%d}"
        except ValueError:
            continue
    return text
