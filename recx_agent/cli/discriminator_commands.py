"""Commands of the discriminator: ``recx discriminator train`` and ``score``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from recx_agent.cli.console import err, out, progress_bar
from recx_agent.errors import SettingsError
from recx_agent.settings import load_settings

discriminator_app = typer.Typer(
    help="Train a chooser among verified texts by how people write.", no_args_is_help=True
)

_ROWS = {
    "auc": "discriminator",
    "auc_by_words": "words in no order (naive Bayes)",
    "auc_by_opening": "first four words alone",
    "auc_by_length": "length alone",
}


@discriminator_app.command()
def train(
    folder: Annotated[Path, typer.Option("--out", help="New folder for the discriminator.")],
    data: Annotated[
        Path | None,
        typer.Option(help="JSONL (.gz) with reference and generated; else RECX_XREC."),
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the training texts.")] = 8,
    seed: Annotated[int, typer.Option(help="Of split, weights and order.")] = 0,
) -> None:
    """Train on pairs of texts and print how well held-out ones are told apart."""
    from recx_agent.factory import train_discriminator

    with progress_bar() as progress:
        notes = train_discriminator(
            explanations_file(data), folder, epochs=epochs, seed=seed, progress=progress
        )
    out.print(_table(notes))
    _say(notes["figures"])


@discriminator_app.command()
def score(
    folder: Annotated[Path, typer.Argument(help="Folder of a trained discriminator.")],
    texts: Annotated[
        Path, typer.Option("--texts", help="File with one text a line, - for stdin.")
    ] = Path("-"),
) -> None:
    """Print one JSON line for each text: its score, large where it reads like a reference."""
    from recx_agent.factory import make_chooser

    try:
        whole = sys.stdin.read() if str(texts) == "-" else texts.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"--texts {texts}: not readable as UTF-8 text: {error}") from error
    lines = [line.strip() for line in whole.splitlines() if line.strip()]
    for text, value in zip(lines, make_chooser(folder).scores(lines), strict=True):
        line = json.dumps({"score": round(value, 4), "text": text}, ensure_ascii=False)
        out.file.write(line + "\n")


def explanations_file(given: Path | None) -> Path:
    """The file given, or that of the settings.

    Raises
    ------
    SettingsError
        There is none.
    """
    path = given or load_settings(None, {}).xrec
    if path is None:
        raise SettingsError("no explanations to read; give --data, or set RECX_XREC")
    if not path.is_file():
        raise SettingsError(f"{path}: no file is there; give another --data or RECX_XREC")
    return path


def _table(notes: dict[str, Any]) -> Table:
    figures = notes["figures"]
    users, texts = figures["auc"]["users"], figures["test_texts"]
    table = Table("told apart by", "AUC", "95 % interval")
    table.title = f"{texts} texts of {users} users that nothing was learnt from"
    for key, name in _ROWS.items():
        found = figures[key]
        table.add_row(name, f"{found['value']:.4f}", f"{found['low']:.4f} – {found['high']:.4f}")
    return table


def _say(figures: dict[str, Any]) -> None:
    words = figures["auc_by_words"]
    if figures["auc"]["low"] <= words["high"]:
        err.print("Order and rhythm add nothing that is sure to the words in no order.")
    err.print(
        f"{figures['same_opening_generated']:.0%} of the generated and "
        f"{figures['same_opening_reference']:.0%} of the reference texts open with the same "
        "four words. The AUC says how unlike these generated texts are to these references, "
        "not how good either is."
    )


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.add_typer(discriminator_app, name="discriminator")
