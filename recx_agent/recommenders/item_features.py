"""Item features: the item's identity, and each value of its attributes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from recx_agent.datasets import Catalogue
from recx_agent.protocols import Feature

IDENTITY = "item_itself"
ATTRIBUTE = "attribute"


def build_features(
    catalogue: Catalogue, min_items: int = 2, known: Sequence[Feature] = ()
) -> tuple[tuple[Feature, ...], sp.csr_matrix]:
    """Features of all items and the matrix ``x_if`` of their weights, all 1.

    Parameters
    ----------
    catalogue : Catalogue
        Items; only attributes in ``catalogue.features`` count.
    min_items : int
        Items an attribute value must have to be a feature. A rarer one would be a
        second identity of its few items.
    known : sequence of Feature
        Features of an earlier model; they keep their positions, new ones come behind.

    Returns
    -------
    features : tuple of Feature, length n_features
    matrix : csr_matrix, shape (n_items, n_features), float32
    """
    counts = Counter(
        Feature(ATTRIBUTE, name, value)
        for name in catalogue.features
        for values in catalogue.attributes[name]
        for value in set(values)
    )
    wanted = [Feature(IDENTITY, "", item) for item in catalogue.ids]
    wanted += sorted(f for f, n in counts.items() if n >= min_items)
    features = tuple(dict.fromkeys([*known, *wanted]))
    position = {feature: i for i, feature in enumerate(features)}
    rows: list[int] = []
    columns: list[int] = []
    for item, item_id in enumerate(catalogue.ids):
        own = [Feature(IDENTITY, "", item_id)]
        own += [
            Feature(ATTRIBUTE, name, value)
            for name in catalogue.features
            for value in dict.fromkeys(catalogue.attributes[name][item])
        ]
        found = [position[f] for f in own if f in position]
        rows += [item] * len(found)
        columns += found
    ones = np.ones(len(rows), dtype=np.float32)
    matrix = sp.csr_matrix((ones, (rows, columns)), shape=(len(catalogue), len(features)))
    return features, matrix
