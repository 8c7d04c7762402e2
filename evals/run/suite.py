"""What is run: a suite, from a TOML file."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from recx_agent.errors import SettingsError
from recx_agent.evals.prices import Prices
from recx_agent.evals.ranking.making import RankingSpec, RecommenderSpec
from recx_agent.evals.run.grouping import FairSpec
from recx_agent.evals.worlds import WorldSpec
from recx_agent.evals.writers import WriterSpec
from recx_agent.settings.section import Section

_FOLDER = resources.files("recx_agent.evals") / "suites"
_ENDING = ".toml"


class HeldOutSpec(Section):
    """Pairs of a liked and a disliked item that the recommender is trained without."""

    users: int = Field(60, ge=1, description="users of whom there is a pair, at most")
    model: dict[str, Any] = Field(
        default_factory=dict,
        description="settings of the model's training that differ from the workspace's",
    )


class RobustSpec(Section):
    """Cases that are written again: changed histories, hostile names, and as they are."""

    users: int = Field(20, ge=1, description="users whose first case is changed")
    reruns: int = Field(1, ge=0, le=10, description="times that it is asked for again")


class CaseSpec(Section):
    """Where the cases come from, and how many there are."""

    source: Literal["workspace", "xrec", "worlds"] = "workspace"
    users: int = Field(60, ge=1, description="users whose lists are explained, of 'workspace'")
    per_user: int = Field(1, ge=1, description="items of each, from the top of the list")
    rows: int = Field(300, ge=1, description="rows drawn, of 'xrec'")
    seed: int = Field(0, description="of the rows drawn")
    language: str | None = Field(None, description="of the texts; the workspace's if unset")
    world: WorldSpec = Field(default_factory=WorldSpec, description="planted, of 'worlds'")
    sanity: int = Field(
        0, ge=0, description="cases told again with shuffled factors and by another's evidence"
    )
    seeds: int = Field(0, ge=0, description="trainings more, with other seeds, to compare causes")
    held_out: HeldOutSpec | None = Field(None, description="cases whose outcome is known")
    robust: RobustSpec | None = Field(None, description="cases that are written again, changed")
    fit: dict[str, Any] = Field(
        default_factory=dict, description="settings of the fit where a folder of data is given"
    )


class Suite(Section):
    """Cases, writers and scorers; recommenders; groups of users.

    Attributes
    ----------
    name : str
        That of its file.
    about : str
        In a sentence, for the report.
    cases : CaseSpec
    writers : dict of str to WriterSpec
        In the order of tables; the first is what the others are compared with.
    scorers : tuple of str
        Families, or single scorers as ``family.name``.
    recommenders : dict of str to RecommenderSpec
        Compared by what they rank for the users of the workspace.
    ranking : RankingSpec
        How.
    fair : FairSpec
        By which groups of users figures are told apart.
    prices : Prices or None
        Of the language model's tokens; without them nothing is said of cost.
    """

    name: str = Field(min_length=1)
    about: str = ""
    cases: CaseSpec = Field(default_factory=lambda: CaseSpec())
    writers: dict[str, WriterSpec] = Field(default_factory=dict)
    scorers: tuple[str, ...] = ()
    recommenders: dict[str, RecommenderSpec] = Field(default_factory=dict)
    ranking: RankingSpec = Field(default_factory=lambda: RankingSpec())
    fair: FairSpec = Field(default_factory=lambda: FairSpec())
    prices: Prices | None = None

    @field_validator("writers")
    @classmethod
    def _named(cls, writers: dict[str, WriterSpec]) -> dict[str, WriterSpec]:
        if blank := [name for name in writers if not name.strip()]:
            raise ValueError(f"{blank[0]!r} is no name of a writer")
        return writers

    @model_validator(mode="after")
    def _something_to_measure(self) -> Suite:
        if not self.writers and not self.recommenders:
            raise ValueError("writers: name one at least, or a recommender")
        if bool(self.writers) != bool(self.scorers):
            there, lacking = ("writers", "scorers") if self.writers else ("scorers", "writers")
            raise ValueError(f"{there} are of no use without {lacking}")
        if both := sorted(self.writers.keys() & self.recommenders.keys()):
            raise ValueError(f"{both[0]!r} is the name of a writer and of a recommender")
        if self.cases.source == "xrec" and (self.recommenders or self.fair.by):
            raise ValueError("recommenders and [fair] need users; rows of 'xrec' have none")
        return self

    def with_texts(self, texts: dict[str, Path]) -> Suite:
        """The same with files of texts as further writers.

        Raises
        ------
        SettingsError
            A name is taken.
        """
        if taken := sorted(texts.keys() & self.writers.keys()):
            raise SettingsError(
                f"--texts {taken[0]}=…: the suite {self.name!r} has a writer of this name; "
                "choose another"
            )
        more = {name: WriterSpec(kind="file", path=path) for name, path in texts.items()}
        return self.model_copy(update={"writers": {**self.writers, **more}})

    def with_cases(self, **changes: Any) -> Suite:
        """The same with other numbers of cases; what is ``None`` stays."""
        known = {name: value for name, value in changes.items() if value is not None}
        return self.model_copy(update={"cases": self.cases.model_copy(update=known)})


def suite_names() -> list[str]:
    """Suites that ship."""
    return sorted(
        entry.name.removesuffix(_ENDING)
        for entry in _FOLDER.iterdir()
        if entry.name.endswith(_ENDING)
    )


def load_suite(name: str | Path) -> Suite:
    """Read a suite that ships, by its name, or one of your own, by the path of its file.

    Raises
    ------
    SettingsError
        There is none, or something in it is not accepted; says where.
    """
    if str(name).endswith(_ENDING):
        path = Path(name)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{path}: not readable as UTF-8 text: {error}") from error
    elif str(name) in suite_names():
        path = Path(f"{name}{_ENDING}")
        text = (_FOLDER / path.name).read_text(encoding="utf-8")
    else:
        raise SettingsError(
            f"no suite {str(name)!r}; there are {', '.join(suite_names())}, "
            "or give a file that ends in .toml"
        )
    try:
        return Suite(**{"name": path.stem, **tomllib.loads(text)})
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: no TOML: {error}; mend the file") from error
    except ValidationError as error:
        found = "; ".join(
            ": ".join(filter(None, (".".join(map(str, one["loc"])), one["msg"])))
            for one in error.errors()
        )
        raise SettingsError(f"{path}: {found}") from error
