"""Questions about what is not there, and settings that cannot be."""

from __future__ import annotations

import os

from tests.e2e.bad_input.case import (
    FIT,
    STRANGER,
    USAGE,
    Case,
    folder,
    written,
)

ASK = "recommend u0 -k 1"
PLAIN = {"RECX_WORKSPACE": "", "RECX_MODEL__EPOCHS": ""}
"""Leaves the choice to the file that is bad."""

UNKNOWN = [
    Case(
        "an unknown user",
        "recommend u99",
        STRANGER,
        ("user 'u99' is not in this workspace", "--allow-cold"),
    ),
    Case(
        "control characters for a user",
        "recommend 'u0\x1b[31m'",
        STRANGER,
        (r"user 'u0\x1b[31m' is not in this workspace",),
    ),
    Case(
        "a user that is no Unicode",
        f"recommend {os.fsdecode(bytes([0xFF]))}",
        STRANGER,
        (r"user '\udcff' is not in this workspace",),
    ),
    Case(
        "an item with a typing mistake",
        "explain u0 'Comdy 16'",
        USAGE,
        ("item 'Comdy 16' is not in the catalogue", "did you mean 'Comedy 16'"),
    ),
    Case("no item at all", "explain u0 ''", USAGE, ("item '' is not in the catalogue",)),
    Case(
        "an item of 50,000 characters",
        f"explain u0 {'x' * 50_000}",
        USAGE,
        ("item '" + "x" * 80 + "…' is not in the catalogue",),
    ),
    Case(
        "an unknown attribute",
        "what-if u0 --mute genre=Comdy",
        USAGE,
        ("no item has the attribute 'genre=Comdy'", "did you mean 'genre=Comedy'"),
    ),
    Case(
        "an unknown item in a history",
        "recommend u0 --history Nothing",
        USAGE,
        ("item 'Nothing' is not in the catalogue",),
    ),
    Case(
        "to remove what is not in the history",
        "what-if u0 --remove i1",
        USAGE,
        ("'Western 1' is no term", "see 'recx profile'"),
    ),
    Case(
        "an unknown version",
        "model rollback 000009",
        USAGE,
        ("no version '000009'; there are 000001, 000002",),
    ),
]

NUMBERS = [
    Case("k of 0", "recommend u0 -k 0", USAGE, ("Invalid value for '-k'",), foreign=True),
    Case("k below 0", "recommend u0 -k -1", USAGE, ("Invalid value for '-k'",), foreign=True),
    Case("a word for k", "recommend u0 -k ten", USAGE, ("Invalid value for '-k'",), foreign=True),
    Case(
        "an option with a typing mistake",
        f"{FIT} --epoch 3",
        USAGE,
        ("No such option: --epoch", "--epochs"),
        foreign=True,
    ),
    Case(
        "a command with a typing mistake",
        "recomend u0",
        USAGE,
        ("No such command 'recomend'", "recommend"),
        foreign=True,
    ),
    Case(
        "no pass over the data",
        f"{FIT} --epochs 0",
        USAGE,
        ("setting 'model.epochs': Input should be greater than or equal to 1",),
        foreign=True,
    ),
]

SETTINGS = [
    Case(
        "a setting with a typing mistake",
        ASK,
        USAGE,
        (
            "workspace/recx.toml, setting 'model.epoch': there is no such setting",
            "did you mean 'epochs'",
        ),
        written("workspace/recx.toml", "[model]\nepoch = 5\n"),
    ),
    Case(
        "a section with a typing mistake",
        ASK,
        USAGE,
        ("recx.toml, setting 'modle': there is no such setting; did you mean 'model'",),
        written("recx.toml", "[modle]\nepochs = 5\n"),
    ),
    Case(
        "a text where a number is due",
        ASK,
        USAGE,
        ("recx.toml, setting 'model.epochs': Input should be a valid integer",),
        written("recx.toml", '[model]\nepochs = "many"\n'),
        PLAIN,
        foreign=True,
    ),
    Case(
        "a number where a text is due",
        ASK,
        USAGE,
        ("recx.toml, setting 'wording.item': Input should be a valid string",),
        written("recx.toml", "[wording]\nitem = 5\n"),
        foreign=True,
    ),
    Case(
        "a number where a section is due",
        ASK,
        USAGE,
        ("recx.toml, setting 'evidence': Input should be a valid dictionary",),
        written("recx.toml", "evidence = 5\n"),
        foreign=True,
    ),
    Case(
        "a share of more than all",
        ASK,
        USAGE,
        ("setting 'evidence.min_share': Input should be less than or equal to 1",),
        written("recx.toml", "[evidence]\nmin_share = 7\n"),
        foreign=True,
    ),
    Case(
        "a language there is not",
        ASK,
        USAGE,
        ("setting 'wording.language'", "'en' or 'zh'"),
        written("recx.toml", '[wording]\nlanguage = "fr"\n'),
        foreign=True,
    ),
    Case(
        "broken TOML",
        ASK,
        USAGE,
        ("recx.toml: not readable as TOML", "line 1", "mend the file"),
        written("recx.toml", "[model\nepochs = 5\n"),
        foreign=True,
    ),
    Case(
        "TOML in UTF-16",
        ASK,
        USAGE,
        ("recx.toml: not UTF-8; save the file as UTF-8",),
        written("recx.toml", "[model]\nepochs = 5\n".encode("utf-16")),
    ),
    Case(
        "a folder in place of recx.toml",
        ASK,
        USAGE,
        ("recx.toml: not readable as TOML: Is a directory; mend the file",),
        folder("recx.toml"),
    ),
    Case(
        "a workspace that is a number",
        "doctor",
        USAGE,
        ("recx.toml, setting 'workspace': Input is not a valid path",),
        written("recx.toml", "workspace = 5\n"),
        PLAIN,
        foreign=True,
    ),
    Case(
        "a variable of a wrong type",
        ASK,
        USAGE,
        ("environment, setting 'model.epochs': Input should be a valid integer",),
        env={"RECX_MODEL__EPOCHS": "many"},
        foreign=True,
    ),
    Case(
        "a variable with a typing mistake",
        ASK,
        USAGE,
        ("environment, setting 'modle': there is no such setting; did you mean 'model'",),
        env={"RECX_MODLE__EPOCHS": "5"},
    ),
    Case(
        "a variable that should be JSON",
        ASK,
        USAGE,
        ("environment, RECX_DATA", "must be JSON, such as RECX_DATA__MAP="),
        env={"RECX_DATA__MAP": "user_id=who"},
    ),
]

CASES = [*UNKNOWN, *NUMBERS, *SETTINGS]
