"""Scorers by family and name, built in and brought by other packages."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import EntryPoint

import pytest

from recx_agent.errors import SettingsError
from recx_agent.evals.scorers import families, is_group, registry, scorers_of

JUDGES = "tests.unit.evals.judges:make_scorers"


@pytest.fixture(autouse=True)
def _judges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.BUILT_IN, "judges", JUDGES)


def brought(monkeypatch: pytest.MonkeyPatch, *entries: tuple[str, str]) -> None:
    points = [EntryPoint(name, value, registry.GROUP) for name, value in entries]

    def entry_points(*, group: str) -> Sequence[EntryPoint]:
        return points if group == registry.GROUP else []

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)


def test_a_family_is_all_of_its_scorers_and_a_name_is_one() -> None:
    every = scorers_of(["judges"])
    assert [one.name for one in every] == ["length", "title_named", "different_words"]
    assert [is_group(one) for one in every] == [False, False, True]
    assert [one.name for one in scorers_of(["judges.length"])] == ["length"]
    assert [one.name for one in scorers_of(["judges.length", "judges"])] == [
        one.name for one in every
    ]


def test_what_is_not_there_is_said_with_what_is() -> None:
    with pytest.raises(SettingsError, match="no scorers 'jugdes'; there are .*judges"):
        scorers_of(["jugdes"])
    with pytest.raises(SettingsError, match=r"no scorer judges\.len; there are length, title"):
        scorers_of(["judges.len"])


def test_another_package_brings_a_family(monkeypatch: pytest.MonkeyPatch) -> None:
    brought(monkeypatch, ("theirs", JUDGES))
    assert families()["theirs"] == JUDGES
    assert len(scorers_of(["theirs"])) == 3


def test_two_scorers_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    brought(monkeypatch, ("theirs", JUDGES))
    with pytest.raises(SettingsError, match="two scorers are called 'length'"):
        scorers_of(["judges", "theirs"])


def test_a_family_is_not_replaced_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    brought(monkeypatch, ("judges", "elsewhere:make"))
    with pytest.raises(SettingsError, match="two packages bring scorers of the family 'judges'"):
        families()


def test_a_package_that_is_missing_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    brought(monkeypatch, ("gone", "no_such_package:make"))
    with pytest.raises(SettingsError, match="'gone' .*no_such_package.*pip install"):
        scorers_of(["gone"])
