"""Ranked lists by SASRec of RecTools, for a recommender of kind ``file`` in a suite.

RecTools cannot stand beside recx-agent: below Python 3.13 it asks for ``numpy<2``, everywhere
for ``pandas<3``, and its fork of ``implicit`` takes the place of the package's own. So it gets
an environment of its own, and files go to and fro::

    recx eval run mine.toml --out results/mine          # writes results/mine/split, and stops
    python -m venv sasrec && sasrec/bin/pip install 'rectools[torch]==0.19.0'
    sasrec/bin/python benchmarks/sasrec_lists.py results/mine/split sasrec.csv
    recx eval run mine.toml --out results/mine

Kang & McAuley, "Self-Attentive Sequential Recommendation" (2018). It learns from positive
events alone; what a user has seen, liked or not, is left to recx-agent to take off the list,
so ``LONGER`` items more than needed are ranked.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
from pytorch_lightning import Trainer, seed_everything
from rectools import Columns
from rectools.dataset import Dataset
from rectools.models import SASRecModel

LONGER = 200


def main() -> None:
    """Train on ``train.csv``, rank for ``users.csv``, write ``user_id,item_id,rank``."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("split", type=Path, help="folder that the run wrote")
    arguments.add_argument("out", type=Path, help="CSV of the lists")
    arguments.add_argument("--k", type=int, default=10, help="length of the lists")
    arguments.add_argument("--epochs", type=int, default=100)
    arguments.add_argument("--factors", type=int, default=64)
    arguments.add_argument("--blocks", type=int, default=2)
    arguments.add_argument("--length", type=int, default=50, help="events of a user that count")
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()
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
    model = SASRecModel(
        n_factors=given.factors,
        n_blocks=given.blocks,
        n_heads=1,
        dropout_rate=0.2,
        session_max_len=given.length,
        loss="softmax",
        lr=0.001,
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
        ),
    )
    model.fit(dataset)
    found = model.recommend(
        users=asked[asked.isin(interactions[Columns.User])].to_numpy(),
        dataset=dataset,
        k=given.k + LONGER,
        filter_viewed=True,
    )
    lists = found[[Columns.User, Columns.Item, Columns.Rank]]
    lists.to_csv(given.out, index=False, header=["user_id", "item_id", "rank"])


if __name__ == "__main__":
    main()
