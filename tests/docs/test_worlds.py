"""The small suite of docs/worlds.md is run; rules and defaults in it are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from recx_agent.evals.run import load_suite, read_run
from recx_agent.evals.worlds import KNOWABLE, RULES
from tests.docs.pages import Page, run

PAGE = Page("worlds.md")


def test_the_small_suite_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shipped, small = PAGE.commands
    assert load_suite(shipped.split()[3]).name == "worlds"
    (suite,) = PAGE.blocks("toml")
    Path("calm.toml").write_text(suite, encoding="utf-8")
    done = run(small)
    assert done.exit_code == 0, done.output
    found = read_run(Path("results/calm"))
    assert found.results["cases"] == 18
    assert found.results["faults"] == []
    assert (tmp_path / "results/calm/world/rules.json").is_file()


def test_every_rule_is_listed_with_whether_it_can_be_known() -> None:
    rows = re.findall(r"^\| `(\w+)` \| .* \| (yes|no) \|$", PAGE.text, re.MULTILINE)
    assert rows == [(rule, "yes" if rule in KNOWABLE else "no") for rule in RULES]


def test_the_sizes_told_are_those_of_the_suite() -> None:
    cases = load_suite("worlds").cases
    world = cases.world
    assert f"\n{world.items} items with a genre" in PAGE.text
    assert f"Each rule has {world.users_per_rule} users" in PAGE.text
    assert f"a user has {world.likes} likes, of which a fifth (`noise`)" in PAGE.text
    assert (world.noise, world.dislikes, cases.per_user) == (0.2, 5, 2)
    assert world.users_per_rule * len(KNOWABLE) * cases.per_user == 192


def test_the_figures_of_known_histories_are_those_of_the_example() -> None:
    known = PAGE.run_examples()["known"]
    told = dict(re.findall(r"^\| `(\w+)` \| (1?\.\d\d) \|$", PAGE.text, re.MULTILINE))
    assert told.keys() == set(RULES)
    # Of 24 users each; on another processor one or two of them may fall on the other side.
    assert all(abs(float(share) - known[rule]) < 2.5 / 24 for rule, share in told.items())
