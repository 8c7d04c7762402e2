"""Pairs whose two sorts differ in manner alone."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

NOUNS = "story plot hero world family war river town letter garden".split()


def write_pairs(path: Path, users: int = 60) -> Path:
    dice = random.Random(0)
    lines = []
    for user in range(users):
        for _ in range(3):
            one, other = dice.sample(NOUNS, 2)
            lines.append(
                {
                    "user_id": f"u{user}",
                    "reference": f"They liked the {one}, though the {other} was slow at times.",
                    "generated": f"A captivating {one} with a compelling and rich {other} it is.",
                }
            )
    path.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def pairs_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pairs(tmp_path_factory.mktemp("pairs") / "pairs.jsonl")


@pytest.fixture(scope="session")
def trained(pairs_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from recx_agent.discriminator import train

    folder = tmp_path_factory.mktemp("trained") / "discriminator"
    train(pairs_file, folder, epochs=3, seed=1)
    return folder
