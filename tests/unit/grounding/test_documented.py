"""The table of planted untruths in docs/verification.md is that of the sentences tried here."""

from __future__ import annotations

from pathlib import Path

from tests.unit.grounding.test_lies import lies

PAGE = Path(__file__).parents[3] / "docs" / "verification.md"


def table() -> str:
    """By violation, the kinds of untruth of each language."""
    rows: dict[str, dict[str, list[str]]] = {}
    for language in ("en", "zh"):
        for lie in lies(language):
            rows.setdefault(lie["violation"], {}).setdefault(language, []).append(lie["kind"])
    lines = ["| found as | English | Chinese |", "|---|---|---|"]
    for violation, kinds in sorted(rows.items()):
        told = [", ".join(kinds.get("en", ())), "、".join(kinds.get("zh", ()))]
        lines.append(f"| `{violation}` | {told[0]} | {told[1]} |")
    return "\n".join(lines)


def test_the_page_lists_the_kinds_that_are_tried() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert table() in page, f"put this in its place:\n{table()}"
    counts = [len({lie["kind"] for lie in lies(language)}) for language in ("en", "zh")]
    assert f"{counts[0]} kinds in English and {counts[1]} in Chinese" in page
