"""Suites from files."""

from __future__ import annotations

from pathlib import Path

import pytest

from recx_agent.errors import SettingsError
from recx_agent.evals.run import load_suite, suite_names
from recx_agent.evals.scorers import families
from recx_agent.settings import load_settings

SMALL = """
scorers = ["text.words"]
[cases]
users = 3
[writers.ours]
kind = "template"
"""


def test_the_suites_that_ship_can_be_run() -> None:
    assert {"quick", "full", "xrec"} <= set(suite_names())
    for name in suite_names():
        suite = load_suite(name)
        assert suite.name == name
        assert suite.about
        assert {one.partition(".")[0] for one in suite.scorers} <= families().keys()
        load_settings(None, dict(suite.cases.fit))
    assert {spec.kind for spec in load_suite("quick").writers.values()} == {"template", "ranking"}


def test_a_suite_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SMALL)
    suite = load_suite(path)
    assert (suite.name, suite.cases.users, list(suite.writers)) == ("mine", 3, ["ours"])
    more = suite.with_texts({"theirs": Path("texts.csv")}).with_cases(users=9, rows=None)
    assert list(more.writers) == ["ours", "theirs"]
    assert (more.cases.users, more.cases.rows) == (9, suite.cases.rows)
    with pytest.raises(SettingsError, match="--texts ours=…: .* has a writer of this name"):
        suite.with_texts({"ours": Path("texts.csv")})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SMALL.replace("users", "usres"), "cases.usres: Extra inputs"),
        (SMALL.replace("template", "essay"), "writers.ours.kind"),
        (SMALL.replace("[cases]", "[cases"), "no TOML"),
        ('scorers = ["text"]\n[writers]', "writers: name one at least, or a recommender"),
        (SMALL.replace('scorers = ["text.words"]', ""), "writers are of no use without scorers"),
        (SMALL + '[recommenders.ours]\nkind = "popularity"', "'ours' is the name of a writer and"),
        (SMALL + '[recommenders.x]\nkind = "implicit_als"\nconfig = {rank = 3}', "has no 'rank'"),
        (SMALL + '[recommenders.x]\nkind = "file"', "'path' is for recommenders of kind 'file'"),
        (SMALL + "[ranking]\nk = [5, 5]", "ranking.k: .*each once"),
        (SMALL + '[fair]\nby = ["age", "age"]', "fair.by: .*twice"),
        (SMALL.replace("users = 3", 'source = "xrec"') + '[fair]\nby = ["age"]', "have none"),
        (SMALL.replace("writers.ours", 'writers." "'), "no name of a writer"),
    ],
)
def test_what_is_wrong_with_a_suite_is_said(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=f"mine.toml: .*{problem}"):
        load_suite(path)


def test_a_suite_that_is_not_there() -> None:
    with pytest.raises(SettingsError, match="no suite 'quik'; there are full, quick"):
        load_suite("quik")
    with pytest.raises(SettingsError, match=r"gone\.toml: not readable"):
        load_suite("gone.toml")
