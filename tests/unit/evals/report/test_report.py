"""The page: nothing from elsewhere, nothing that a text can bring in, pictures that are right."""

from __future__ import annotations

import html
import json
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from recx_agent.evals.report import write_report
from recx_agent.evals.report.charts import LEFT, RIGHT, WIDTH, chart, ticks, verdict_bars
from recx_agent.evals.report.worst import worst_samples
from recx_agent.evals.run import Row, Run, read_run
from recx_agent.evals.samples import Sentence, read_samples, write_samples

pytestmark = pytest.mark.usefixtures("known_judges")

VOID = {"meta"}


class Tags(HTMLParser):
    """The tags of a page, and whether they close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def tags_of(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    return tags


@pytest.fixture(scope="module")
def page(finished: Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    with pytest.MonkeyPatch.context() as patch:
        from recx_agent.evals.scorers import registry

        patch.setitem(registry.BUILT_IN, "judges", "tests.unit.evals.judges:make_scorers")
        path = write_report(finished, tmp_path_factory.mktemp("page") / "report.html", worst=3)
    return path.read_text(encoding="utf-8")


def test_it_is_whole_and_needs_nothing_from_elsewhere(page: str) -> None:
    tags = tags_of(page)
    names = {name for name, _ in tags.seen}
    assert names.isdisjoint({"script", "link", "img", "iframe", "object", "image", "use"})
    for _, attributes in tags.seen:
        assert attributes.keys().isdisjoint({"src", "srcset", "style", "onclick", "xlink:href"})
        assert str(attributes.get("href", "#")).startswith("#")
    assert "url(" not in page and "@import" not in page
    assert "default-src 'none'" in page


def test_every_figure_and_verdict_is_on_it(page: str, finished: Run) -> None:
    for row in finished.rows:
        assert row.value is not None
        assert f"<b>{row.metric}</b>" in page
        assert f"{row.writer} {row.value:.3f}" in page or f"{row.value:.1f}" in page
    assert page.count("<figure>") == 3
    assert "13 of 13: none" in page
    assert "Each writer less template" in page
    assert html.escape(str(finished.log["suite"]["about"])) in page


def test_links_lead_somewhere(page: str) -> None:
    tags = tags_of(page)
    places = {attributes["id"] for _, attributes in tags.seen if "id" in attributes}
    links = {str(attributes["href"])[1:] for name, attributes in tags.seen if name == "a"}
    assert links <= places


def test_what_a_text_says_is_shown_and_not_obeyed(finished: Run, tmp_path: Path) -> None:
    bad = "<script>alert(1)</script> {{ 7 * 7 }} \x00\u202e & </style>"
    folder = tmp_path / "run"
    shutil.copytree(finished.folder, folder)
    samples = [
        replace(one, text=bad, sentences=(Sentence(bad, ()),), extra={"title": f'"{bad}'})
        for one in read_samples(folder / "samples.jsonl")
    ]
    write_samples(folder / "samples.jsonl", samples)
    scores = (folder / "scores.jsonl").read_text().replace('"value": 1.0', '"value": 0.0')
    (folder / "scores.jsonl").write_text(scores)
    page = write_report(read_run(folder), tmp_path / "report.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }}" in page
    assert "script" not in {name for name, _ in tags_of(page).seen}
    assert not re.search("[\x00\u202e]", page)


def test_a_run_with_nothing_to_show_has_a_page_too(finished: Run, tmp_path: Path) -> None:
    rows = [
        {**row.as_dict(), "value": None, "low": None, "high": None, "n": 0, "unscored": 13}
        for row in finished.rows
    ]
    faults = [{"stage": "score", "writer": "w", "scorer": "s", "key": "k", "error": "<oh>"}]
    results = {**finished.results, "rows": rows, "faults": faults}
    run = Run(finished.folder, finished.log, results)
    page = write_report(run, tmp_path / "r.html", worst=0).read_text(encoding="utf-8")
    tags_of(page)
    assert "Nothing to judge here: length, title_named, different_words." in page
    assert "&lt;oh&gt;" in page


def test_the_worst_texts_are_those_that_scorers_like_least(finished: Run) -> None:
    worst = worst_samples(finished, "ranking", 5)
    assert 0 < len(worst) <= 5
    assert worst[0].badness == 1.0
    named = finished.scores["ranking", "title_named"]
    assert named[worst[0].sample.key].value == 0.0
    assert worst_samples(finished, "template", 5) == [], "no fault was found"


def row(writer: str, value: float | None, low: float | None, high: float | None) -> Row:
    return Row(writer, "f", "m", value, low, high, 10, 0.1, 10, 0, 0, "higher")


def test_a_dot_stands_where_its_figure_is() -> None:
    rows = [row("a", 0.5, 0.25, 0.75), row("b", None, None, None), row("c", 1.0, None, None)]
    drawn = chart(rows, (0.0, 1.0), {"a": 0, "b": 1, "c": 2})
    assert drawn is not None
    axis = WIDTH - LEFT - RIGHT
    first, second = drawn.dots
    assert (first.x, first.low, first.high) == (
        LEFT + axis * 0.5,
        LEFT + axis * 0.25,
        LEFT + axis * 0.75,
    )
    assert (second.writer, second.x, second.low, second.colour) == ("c", LEFT + axis, None, 2)
    assert [tick.text for tick in drawn.ticks] == ["0", "0.2", "0.4", "0.6", "0.8", "1"]
    assert chart(rows[1:2], (0.0, 1.0), {"b": 0}) is None


def test_an_axis_without_ends_holds_every_interval() -> None:
    drawn = chart([row("a", 47.0, 41.0, 52.5)], (0.0, None), {"a": 0})
    assert drawn is not None
    dot = drawn.dots[0]
    assert dot.low is not None and dot.high is not None
    assert LEFT <= dot.low < dot.x < dot.high <= WIDTH - RIGHT


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        (0.0, 1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (-0.3, 0.2, [-0.3, -0.2, -0.1, 0.0, 0.1, 0.2]),
        (41.0, 52.5, [40.0, 42.5, 45.0, 47.5, 50.0, 52.5]),
        (7.0, 7.0, [7.0]),
    ],
)
def test_ticks_are_round_and_hold_the_range(low: float, high: float, marks: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(marks)


def test_shares_of_verdicts_fill_the_bar() -> None:
    bars, legend = verdict_bars(
        {"a": {"supported": 3, "template": 1}, "b": {"none": 2}}, {"a": 0, "b": 2}
    )
    assert [(share.name, share.x, share.width) for share in bars[0].shares] == [
        ("supported", 0.0, 75.0),
        ("template", 75.0, 25.0),
    ]
    assert [(share.name, share.count) for share in bars[1].shares] == [("none", 2), ("no text", 2)]
    assert [name for name, _ in legend] == ["supported", "template", "none", "no text"]
    assert json.dumps(legend)
