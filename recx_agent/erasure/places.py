"""What holds something of users. Whoever adds a store that does adds it here."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing

from recx_agent.api_keys import KeyFile, keys_file
from recx_agent.datasets import Dataset
from recx_agent.datasets.removal import without_users
from recx_agent.errors import ArtefactDamaged, ArtefactVersion
from recx_agent.factory import (
    build_index,
    check_nothing_old,
    indexed_state,
    load_model,
    make_audit_log,
    make_text_cache,
    remove_index,
)
from recx_agent.protocols import (
    AdditiveModel,
    AuditLog,
    Erasable,
    Progress,
    TextCache,
    UserStore,
)
from recx_agent.settings import Settings
from recx_agent.workspace import Version, Workspace

STAGE = "erasing"
_UNREADABLE = (ArtefactDamaged, ArtefactVersion)


def places_of(
    place: Workspace, settings: Settings, store: UserStore, progress: Progress
) -> tuple[Erasable, ...]:
    """Everything that is cleaned, in this order.

    The saved versions come last: an erasure that was cut short is taken up again by
    looking for the user with the pending hash, and the versions are where users are
    listed. As long as one of them has the user, everything before it is cleaned again.
    """
    return (
        Checkpoints(place),
        EvidenceIndex(place, settings, progress),
        *kept_of(place, settings, store),
        ApiKeys(settings),
        UserRows(store),
        SavedVersions(place, progress),
    )


def kept_of(place: Workspace, settings: Settings, store: UserStore) -> tuple[Kept, ...]:
    """Where texts of a language model are kept, whether or not the settings still keep any."""
    erased = store.tombstones.covers
    return (
        Kept("kept texts", lambda: make_text_cache(place.root, settings, erased)),
        Kept("audit records", lambda: make_audit_log(place.root, settings, erased)),
    )


class Kept:
    """Verified texts, or how texts came about.

    Parameters
    ----------
    name : str
    open : callable
        Opens the store.
    """

    def __init__(self, name: str, open: Callable[[], TextCache | AuditLog]) -> None:
        self.name = name
        self._open = open

    def erase(self, user_id: str) -> int:
        """Remove the user's; a store that cannot be read is removed as a whole."""
        with closing(self._open()) as store:
            return store.erase(user_id)

    def users(self) -> frozenset[str]:
        """Everyone of whom something is kept there.

        Raises
        ------
        KeptStoreError
        """
        with closing(self._open()) as store:
            return store.users()


class ApiKeys:
    """Keys that stand for one user: they have his id, and let in as him."""

    name = "API keys"

    def __init__(self, settings: Settings) -> None:
        self._file = KeyFile(keys_file(settings))

    def erase(self, user_id: str) -> int:
        """Remove them; whoever uses one is refused from then on."""
        return self._file.remove_of(user_id)

    def users(self) -> frozenset[str]:
        """Everyone for whom a key stands."""
        return frozenset(key.user_id for key in self._file.keys() if key.user_id is not None)


class Checkpoints:
    """The state of an interrupted training: it learned from the user, and names nobody."""

    name = "checkpoints"

    def __init__(self, place: Workspace) -> None:
        self._folder = place.checkpoints

    def erase(self, user_id: str) -> int:
        """Remove them all; the training begins anew."""
        found = [entry for entry in self._folder.glob("*") if not entry.name.startswith(".")]
        if self._folder.exists():
            shutil.rmtree(self._folder)
        return len(found)


class UserRows:
    """The user's own rows in the user store: what he said and did since."""

    name = "feedback and added events"

    def __init__(self, store: UserStore) -> None:
        self._store = store

    def erase(self, user_id: str) -> int:
        """Remove them; the tombstone stays."""
        return self._store.erase(user_id)


class EvidenceIndex:
    """The Chroma index: it is brought to a generation without the user.

    An index of a model that no version has any more is of no use and is removed.
    """

    name = "evidence index"

    def __init__(self, place: Workspace, settings: Settings, progress: Progress) -> None:
        self._place = place
        self._settings = settings
        self._progress = progress

    def erase(self, user_id: str) -> int:
        """Remove the user's records, vectors and words, from freed pages too."""
        folder = self._place.evidence
        held = indexed_state(folder, self._settings)
        found = None if held is None else self._indexed_as(held.model, held.data, user_id)
        if held is None or found is None:
            remove_index(folder, self._settings)
            return 0 if held is None else held.events + held.texts
        dataset, model = found
        build_index(folder, dataset, model, self._settings, self._progress)
        check_nothing_old(folder, self._settings)
        left = indexed_state(folder, self._settings)
        return held.events + held.texts - (left.events + left.texts if left else 0)

    def _indexed_as(
        self, model: str, data: str, user_id: str
    ) -> tuple[Dataset, AdditiveModel] | None:
        """The data set that the index is of, without the user, and the model."""
        state_known, model_known = None, None
        for version in self._place.versions():
            try:
                loaded = load_model(version.model)
                if loaded.fingerprint != model:
                    continue
                before = version.load_data()
            except _UNREADABLE:  # see SavedVersions
                continue
            after = without_users(before, [user_id])
            if data in (before.fingerprint, after.fingerprint):
                state_known = after, loaded
            if version.current or model_known is None:
                model_known = after, loaded
        # Of no state of the data that is kept: brought up to date, as 'recx index' would.
        return state_known or model_known


class SavedVersions:
    """The data of every saved version: ids, events, texts, contexts, attributes.

    The models name no user: their rows are items and attributes.
    """

    name = "saved versions"

    def __init__(self, place: Workspace, progress: Progress) -> None:
        self._place = place
        self._progress = progress

    def erase(self, user_id: str) -> int:
        """Write the data of each version anew without the user; returns the events left out.

        A version that cannot be read cannot be cleaned, and is no good for anything else:
        it is removed, unless it is the one in force.
        """
        versions = self._place.versions()
        gone = 0
        for done, version in enumerate(versions):
            self._progress(STAGE, done, len(versions))
            gone += self._erase_from(version, user_id)
        self._progress(STAGE, len(versions), len(versions))
        return gone

    def _erase_from(self, version: Version, user_id: str) -> int:
        try:
            dataset = version.load_data()
        except _UNREADABLE:
            if version.current:
                raise
            self._place.remove(version)
            return 0
        smaller = without_users(dataset, [user_id])
        if smaller is not dataset:
            version.replace_data(smaller)
        return len(dataset.events) - len(smaller.events)
