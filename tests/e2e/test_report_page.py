"""The report in a real browser: everything is seen, nothing is asked of anyone, nothing overflows.

Needs Debian's ``chromium`` and a font.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from recx_agent.evals.report import write_report
from recx_agent.evals.run import Run, Suite, run_suite
from tests.unit.conftest import build_planted
from tests.unit.evals.run.test_group_lines import told_by_group

WIDTHS = (1280, 390)

# Of each picture: is it there, and do its words and marks lie inside of it?
PICTURES = """() => [...document.querySelectorAll('figure > svg, .bar svg')].map(svg => {
  const box = svg.getBoundingClientRect();
  const outside = [...svg.querySelectorAll('text, circle, polyline, rect')].filter(one => {
    const own = one.getBoundingClientRect();
    return own.left < box.left - 2 || own.right > box.right + 2
      || own.top < box.top - 2 || own.bottom > box.bottom + 2;
  }).map(one => one.textContent || one.tagName);
  return {label: svg.getAttribute('aria-label'), width: box.width, height: box.height,
          seen: svg.checkVisibility(), marks: svg.querySelectorAll('circle, rect').length,
          letters: Math.min(...[...svg.querySelectorAll('text')].map(
            one => one.getBoundingClientRect().height)), outside};
})"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("page")
    suite = Suite.model_validate(
        {
            "name": "planted",
            "about": "Two writers in a planted world.",
            "scorers": ["text", "faithful", "grounded"],
            "cases": {"users": 12, "sanity": 3},
            "writers": {"template": {"kind": "template"}, "ranking": {"kind": "ranking"}},
        }
    )
    run = run_suite(suite, folder / "run", workspace=build_planted(folder))
    # All users of the planted world are equally active: it has no groups of its own.
    return replace(run, results={**run.results, "fair": [told_by_group("deletion_gain")]})


@pytest.fixture(scope="module")
def report(finished: Run) -> Path:
    return write_report(finished, finished.folder / "report.html")


@pytest.fixture(scope="module")
def browser(report: Path) -> Iterator[Browser]:
    """Started when the report is there: while it runs, nothing else can have an event loop."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "install it: apt-get install chromium fonts-dejavu-core"
    with sync_playwright() as playwright:
        # Without a display or a user of its own there is no sandbox.
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


class Shown:
    """A page that is open, and what it did on its way."""

    def __init__(self, browser: Browser, width: int, path: Path, **options: Any) -> None:
        self._context = browser.new_context(
            viewport={"width": width, "height": 900}, offline=True, **options
        )
        self.page: Page = self._context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(path.as_uri())

    def close(self) -> None:
        self._context.close()

    def __enter__(self) -> Shown:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_whole_and_asks_nobody(browser: Browser, report: Path, width: int) -> None:
    with Shown(browser, width, report) as shown:
        page = shown.page
        assert shown.asked == [report.as_uri()]
        assert shown.said == []
        assert page.title() == "planted: evaluation"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        pictures = page.evaluate(PICTURES)
        assert len(pictures) > 30
        for picture in pictures:
            assert picture["seen"] and picture["width"] > 80 and picture["height"] > 10, picture
            assert picture["marks"] > 0 and picture["outside"] == [], picture
            assert picture["letters"] is None or picture["letters"] > 8, picture


def test_every_metric_with_a_figure_has_a_picture(
    browser: Browser, report: Path, finished: Run
) -> None:
    with Shown(browser, 1280, report) as shown:
        drawn = {text.strip() for text in shown.page.locator("figcaption b").all_inner_texts()}
        figures = {row.metric for row in finished.rows if row.value is not None}
        assert drawn == figures
        silent = {row.metric for row in finished.rows} - figures
        told = " ".join(shown.page.locator("p.note").all_inner_texts())
        assert silent and all(metric in told for metric in silent)


def test_curves_fall_and_rise_where_they_should(browser: Browser, report: Path) -> None:
    """As drawn: y counts downwards, so a deletion curve of causes told ends lower on the page."""
    with Shown(browser, 1280, report) as shown:
        ends = shown.page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll('figure.curves')].map(one => [
              one.querySelector('b').textContent,
              [...one.querySelectorAll('polyline')].map(line => [
                line.classList.contains('dashed'),
                line.points[0].y, line.points[line.points.length - 1].y])]))"""
        )
        assert ends.keys() == {"deletion", "insertion"}
        for name, sign in (("deletion", 1), ("insertion", -1)):
            (_, start, end), (_, _, by_chance) = sorted(ends[name][:2])
            assert sign * (end - start) > 0
            assert sign * (end - by_chance) > 0, "more than causes by chance"


def test_what_is_seen_is_no_blank(browser: Browser, report: Path) -> None:
    """The pixels of a picture: ink in the colours of both writers, in light and in dark."""
    for scheme, paper in (("light", 240), ("dark", 60)):
        with Shown(browser, 1280, report, color_scheme=scheme) as shown:
            figure = shown.page.locator("figure.curves").first
            figure.scroll_into_view_if_needed()
            image = Image.open(io.BytesIO(figure.screenshot())).convert("RGB")
            colours = {
                shown.page.evaluate(
                    f"getComputedStyle(document.querySelector('circle.c{number}')).fill"
                )
                for number in (0, 1)
            }
            seen = {f"rgb{colour}" for _, colour in image.getcolors(1 << 20) or []}
            assert colours <= seen
            corner = image.getpixel((20, image.height - 20))
            assert isinstance(corner, tuple)
            assert (min(corner) > paper) if scheme == "light" else (max(corner) < paper)


def test_links_lead_to_their_sections_and_texts_open(browser: Browser, report: Path) -> None:
    with Shown(browser, 390, report) as shown:
        for link in shown.page.locator("nav a").all():
            target = str(link.get_attribute("href"))
            link.click()
            assert shown.page.locator(target).is_visible(), target
        closed = shown.page.locator("#worst details:not([open])").first
        quote = closed.locator("blockquote")
        assert not quote.is_visible()
        closed.locator("summary").click()
        assert shown.page.locator("#worst details[open] blockquote").nth(1).is_visible()
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= 390
