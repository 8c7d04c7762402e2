"""Ranked lists by SASRec of RecTools, for a recommender of kind ``file`` in a suite.

RecTools cannot stand beside recx-agent: below Python 3.13 it asks for ``numpy<2``, everywhere
for ``pandas<3``, and its fork of ``implicit`` takes the place of the package's own. So it gets
an environment of its own, and files go to and fro::

    recx eval run mine.toml --out results/mine          # writes results/mine/split, and stops
    python -m venv sasrec && sasrec/bin/pip install 'rectools[torch]==0.19.0'
    sasrec/bin/python benchmarks/sasrec_lists.py results/mine/split sasrec.csv
    recx eval run mine.toml --out results/mine

Kang & McAuley, "Self-Attentive Sequential Recommendation" (2018); with the whole catalogue in
the loss, after Klenitskiy & Vasilev, "Turning Dross Into Gold Loss" (2023). It learns from
positive events alone; what a user has seen, liked or not, is left to recx-agent to take off the
list, so as many items more than needed are ranked.

:mod:`benchmarks.sasrec` looks for its best configuration, as ``recx eval ranking`` does.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
import torch
from pytorch_lightning import Trainer, seed_everything
from rectools import Columns
from rectools.dataset import Dataset
from rectools.models import SASRecModel
from rectools.models.nn.transformers.lightning import TransformerLightningModule

SPARE = 50
"""Ranked beyond what the user has seen, for items that are twice in the catalogue."""


class WithoutPadding(TransformerLightningModule):
    """RecTools' softmax loss, reckoned where there is an item and not where there is none.

    The value is the same, in half the time.
    """

    def _calc_custom_loss(self, batch: dict[str, torch.Tensor], batch_idx: int) -> torch.Tensor:
        items = self.torch_model.item_model.get_all_embeddings()
        sessions = self.torch_model.encode_sessions(batch, items)
        asked = batch["y"] != 0
        return torch.nn.functional.cross_entropy(sessions[asked] @ items.T, batch["y"][asked])


def main() -> None:
    """Train on ``train.csv``, rank for ``users.csv``, write ``user_id,item_id,rank``."""
    given = _given()
    torch.set_num_threads(given.threads)
    seed_everything(given.seed, workers=True)
    train = pd.read_csv(given.split / "train.csv", dtype={"user_id": str, "item_id": str})
    asked = pd.read_csv(given.split / "users.csv", dtype=str).user_id
    liked = train[train.positive == 1].sort_values("timestamp", kind="stable")
    liked = liked.drop_duplicates(["user_id", "item_id"])
    # Times of one second would be put in any order: the file's own is kept.
    order = pd.to_datetime(range(len(liked)), unit="s")
    interactions = pd.DataFrame(
        {
            Columns.User: liked.user_id,
            Columns.Item: liked.item_id,
            Columns.Weight: 1,
            Columns.Datetime: order,
        }
    )
    dataset = Dataset.construct(interactions)
    model = _model(given)
    model.fit(dataset)
    # RecTools leaves out what the user has liked; the rest of what he has seen is taken off later.
    others = train[train.positive == 0].groupby("user_id").item_id.nunique().max()
    found = model.recommend(
        users=asked[asked.isin(interactions[Columns.User])].to_numpy(),
        dataset=dataset,
        k=given.k + (0 if pd.isna(others) else int(others)) + SPARE,
        filter_viewed=True,
    )
    lists = found[[Columns.User, Columns.Item, Columns.Rank]]
    lists.to_csv(given.out, index=False, header=["user_id", "item_id", "rank"])


def _given() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("split", type=Path, help="folder that the run wrote")
    arguments.add_argument("out", type=Path, help="CSV of the lists")
    arguments.add_argument("--k", type=int, default=10, help="length of the lists")
    arguments.add_argument("--epochs", type=int, default=60)
    arguments.add_argument("--factors", type=int, default=64)
    arguments.add_argument("--blocks", type=int, default=2)
    arguments.add_argument("--length", type=int, default=50, help="events of a user that count")
    arguments.add_argument("--dropout", type=float, default=0.2)
    arguments.add_argument("--learning-rate", type=float, default=0.001)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--threads", type=int, default=1)
    return arguments.parse_args()


def _model(given: argparse.Namespace) -> SASRecModel:
    return SASRecModel(
        n_factors=given.factors,
        n_blocks=given.blocks,
        n_heads=1,
        dropout_rate=given.dropout,
        session_max_len=given.length,
        loss="softmax without padding",
        lightning_module_type=WithoutPadding,
        lr=given.learning_rate,
        batch_size=128,
        dataloader_num_workers=0,
        deterministic=True,
        get_trainer_func=lambda: Trainer(
            max_epochs=given.epochs,
            accelerator="cpu",
            deterministic=True,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
        ),
    )


if __name__ == "__main__":
    main()
