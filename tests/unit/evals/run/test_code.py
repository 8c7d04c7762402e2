"""Digests of code."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from recx_agent.evals.run import code
from recx_agent.evals.scorers.against_base import AgainstBase
from recx_agent.evals.scorers.faithful.judges import Faithful
from recx_agent.evals.scorers.faithful.sanity import Sanity, sanity_scorers
from recx_agent.evals.scorers.robust.stability import (
    PERTURBED,
    Stability,
    Untruth,
    stability_scorers,
)
from tests.unit.evals.judges import Length, TitleNamed


def test_the_code_of_a_class_is_that_of_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert code.code_of_type(Length) == code.code_of_type(TitleNamed)
    home = types.ModuleType("home")
    home.__file__, home.__package__ = str(tmp_path / "one.py"), "home"
    monkeypatch.setitem(sys.modules, "home", home)
    kind = type("Judge", (), {"__module__": "home"})
    (tmp_path / "one.py").write_text("a = 1\n")
    first = code.code_of_type(kind)
    (tmp_path / "two.py").write_text("b = 1\n")
    assert code.code_of_type(kind) != first
    home.__package__ = ""
    alone = code.code_of_type(kind)
    (tmp_path / "two.py").write_text("b = 2\n")
    assert code.code_of_type(kind) == alone, "a module by itself is not what lies beside it"
    assert code.code_of_type(type("Shell", (), {"__module__": "typed_in"})) == ""


def test_a_shared_shape_keeps_the_digest_of_each_familys_own_code() -> None:
    """The shape is defined beside the families; what compares texts is theirs."""
    digests = {kind: code.code_of_type(kind) for kind in (AgainstBase, Sanity, Stability)}
    assert len(set(digests.values())) == 3
    assert digests[Stability] == code.code_of_type(Untruth)
    assert digests[Sanity] == code.code_of_type(Faithful)
    untruths = dict.fromkeys(PERTURBED, Untruth(None, None))
    assert {type(one) for one in sanity_scorers("faithful")} == {Sanity}
    assert {type(one) for one in stability_scorers(untruths)} == {Stability}


def test_templates_and_word_lists_are_code_too() -> None:
    files = [path for name in code.WRITE for path in code._files(name)]
    assert {".py", ".j2", ".toml"} <= {path.suffix for path in files}
    assert not [path for path in files if path.suffix == ".pyc"]
    assert len(code.code_of_writers()) == 16
