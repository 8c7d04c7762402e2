"""Choices that cannot be: of a model, a context, a rule of privacy, a hook, a place."""

from __future__ import annotations

from tests.e2e.bad_input.case import (
    DATA,
    FIT,
    SAVED,
    STRANGER,
    UPDATE,
    USAGE,
    Case,
    written,
)

EXPLAIN = "explain u0 -k 1"
CONFIG = "recx.toml"

MODELS = [
    Case(
        "an update with another kind of model",
        f"{UPDATE} --recommender als",
        USAGE,
        ("an update goes on from the model there is", "or fit anew"),
    ),
    Case(
        "factors made elsewhere that are not there",
        f"{FIT} --item-factors none.parquet",
        DATA,
        ("none.parquet: there is no such file or folder; check the path",),
    ),
    Case(
        "factors made elsewhere, as CSV",
        f"{FIT} --item-factors items.csv",
        DATA,
        ("items.csv: not readable as Parquet", "export it again"),
        foreign=True,
    ),
    Case(
        "factors made elsewhere, an empty folder of them",
        f"{FIT} --item-factors workspace/evidence",
        DATA,
        ("workspace/evidence: there is no Parquet file here", "a column 'id' and a column"),
    ),
    Case(
        "a low rating that is positive",
        FIT,
        USAGE,
        ("disliked_to: 5 is not below positive_from (4)", "lower it"),
        written(CONFIG, "[data]\ndisliked_to = 5\n"),
    ),
]

CONTEXT = [
    Case(
        "a context that is no column",
        FIT,
        USAGE,
        ("context: the interactions have no further column 'mood'", "there are: none"),
        written(CONFIG, '[data]\ncontext = ["mood"]\n'),
    ),
    Case(
        "the weekday of a record as context",
        FIT,
        USAGE,
        ("context: 'weekday' would be read off timestamps", "set time_meaning = 'use'"),
        written(CONFIG, '[data]\ncontext = ["weekday"]\n'),
    ),
    Case(
        "a time zone there is not",
        FIT,
        USAGE,
        ("time_zone: 'Mars/Olympus' is no time zone; give a name such as 'Europe/Berlin'",),
        written(CONFIG, '[data]\ntime_zone = "Mars/Olympus"\n'),
    ),
    Case(
        "a changing attribute that was learned from",
        UPDATE,
        USAGE,
        (
            "data.changing: the model has learned from the attribute 'genre'",
            "fit anew to leave it out",
        ),
        written(CONFIG, '[data]\nchanging = ["genre"]\n'),
    ),
]

PEOPLE = [
    Case(
        "an unknown user to forget",
        "forget u99 --yes",
        STRANGER,
        ("user 'u99' is not in this workspace",),
    ),
    Case("nobody to forget", "forget", USAGE, ("which user? give the id",)),
    Case(
        "an unknown item to hide",
        "hide u0 'Comdy 16'",
        USAGE,
        ("item 'Comdy 16' is not in the catalogue", "did you mean 'Comedy 16'"),
    ),
    Case(
        "something else in place of the users' store",
        "recommend u0",
        SAVED,
        ("workspace/users.sqlite3: it is damaged", "restore it from a backup"),
        written("workspace/users.sqlite3", b"no database" * 500),
        foreign=True,
    ),
    Case(
        "the users' store lost, though users were erased",
        "recommend u0",
        SAVED,
        ("workspace/users.sqlite3: it is missing, though tombstone.key", "restore it from a"),
        written("workspace/tombstone.key", "00" * 32 + "\n"),
    ),
    Case(
        "a rule that keeps out of nothing",
        "recommend u0",
        USAGE,
        ("recx.toml, setting 'privacy.sensitive.0.keep_out_of'", "'score' or 'text'"),
        written(CONFIG, '[[privacy.sensitive]]\nitems = ["i1"]\nkeep_out_of = "mind"\n'),
        foreign=True,
    ),
]

PARTS = [
    Case(
        "a hook for facts that cannot be loaded",
        EXPLAIN,
        USAGE,
        ("setting 'facts.hook': 'nowhere:facts' cannot be loaded", "module:function"),
        written(CONFIG, '[facts]\nhook = "nowhere:facts"\n'),
    ),
    Case(
        "a server without http",
        EXPLAIN,
        USAGE,
        ("setting 'retriever.url'", "not http(s)://host:port of a Chroma server"),
        written(CONFIG, '[retriever]\nurl = "localhost"\n'),
        foreign=True,
    ),
]

CASES = [*MODELS, *CONTEXT, *PEOPLE, *PARTS]
