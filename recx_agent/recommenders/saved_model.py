"""Loading a saved recommender, of whatever kind it is."""

from __future__ import annotations

from pathlib import Path

from recx_agent.artefacts import MANIFEST, peek_manifest
from recx_agent.errors import ArtefactDamaged
from recx_agent.recommenders.als_model import AlsModel
from recx_agent.recommenders.factor_model import FactorModel

SavedModel = FactorModel | AlsModel
"""What a version of a workspace holds."""

_KINDS: dict[str, type[FactorModel] | type[AlsModel]] = {
    "lightfm": FactorModel,
    "popularity": FactorModel,
    "als": AlsModel,
}


def load_saved(folder: Path) -> SavedModel:
    """Load the model in a folder.

    Raises
    ------
    ArtefactDamaged, ArtefactVersion
        See :mod:`recx_agent.artefacts`; also for a kind that this recx-agent does not know.
    """
    kind = peek_manifest(folder).get("kind")
    model = _KINDS.get(str(kind))
    if model is None:
        known = ", ".join(_KINDS)
        raise ArtefactDamaged(folder / MANIFEST, f"a model of kind {kind!r}, and there are {known}")
    return model.load(folder)
