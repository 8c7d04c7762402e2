"""Forget a user: first the tombstone, then every place, then the tombstone is final.

Each step can be taken again. Whoever reads treats the user as unknown from the first step
on; whoever writes next takes up what was cut short.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from recx_agent.erasure.places import ApiKeys, kept_of, places_of
from recx_agent.erasure.refitting import refit as fit_anew
from recx_agent.erasure.remains import what_remains
from recx_agent.errors import (
    ArtefactDamaged,
    ArtefactVersion,
    ErasureUnfinished,
    KeptStoreDamaged,
    KeptStoreVersion,
    RecxError,
    UnknownUser,
    UsageError,
    WorkspaceEmpty,
)
from recx_agent.factory import indexed_records, make_user_store
from recx_agent.protocols import Progress, UserStore, no_progress
from recx_agent.schemas import ErasedFrom, Forgotten
from recx_agent.settings import Settings, load_settings
from recx_agent.workspace import Workspace

NOBODY = ""
"""No user has this id: it is refused when data are read."""


def forget(
    workspace: str | Path | None,
    user_id: str,
    progress: Progress = no_progress,
    *,
    refit: bool = False,
    **overrides: Any,
) -> Forgotten:
    """Erase a user from everything the workspace holds, and keep him from coming back.

    Nothing of him is left in any file afterwards but a keyed hash, by which ``fit`` and
    ``update`` leave his rows out of what they read. What is not erased is told in the
    result. A user who is erased already is no error.

    Parameters
    ----------
    workspace : str or Path or None
        Folder, else that of the settings.
    user_id : str
    progress : callable, optional
        ``progress(stage, done, total)``.
    refit : bool
        Whether to train a new model at once, and to remove every version with factors
        that learned from the user.
    **overrides
        Settings that win over ``recx.toml`` and the environment.

    Raises
    ------
    UnknownUser
        No such user, and none that was erased; nothing is changed.
    ErasureUnfinished
        A place could not be cleaned; the user is unknown already, and the same call goes
        on where this one stood.
    WriteLocked, UserStoreError, SettingsError
        Nothing is changed.
    """
    with _opened(workspace, overrides, progress) as (place, settings, store):
        already = store.tombstones.covers(user_id)
        erased: tuple[ErasedFrom, ...] = ()
        # Perhaps only an index knows him: one of a version that is gone, or on a server.
        if user_id in _known_users(place, settings, store) or indexed_records(
            place.evidence, settings, user_id
        ):
            erased = _forget(place, settings, store, user_id, progress)
        tombstone = store.tombstones.find(user_id)
        if tombstone is None:
            raise UnknownUser(user_id)
        return Forgotten(
            user_id=user_id,
            already_erased=already and not erased,
            since=tombstone.since.isoformat(timespec="seconds"),
            erased=erased,
            refitted_as=fit_anew(place, settings, progress) if refit else None,
            remains=what_remains(place, settings, user_id, progress),
        )


def forget_again(
    workspace: str | Path | None, progress: Progress = no_progress, **overrides: Any
) -> int:
    """Erase everyone who was erased before and is there again, as after restoring a backup.

    Returns
    -------
    int
        How many there were.

    Raises
    ------
    ErasureUnfinished, WriteLocked, UserStoreError, SettingsError
        As :func:`forget`.
    """
    with _opened(workspace, overrides, progress) as (place, settings, store):
        back = sorted(store.tombstones.covered(_known_users(place, settings, store)))
        for user_id in back:
            _forget(place, settings, store, user_id, progress)
        return len(back)


def lift(workspace: str | Path | None, user_id: str, **overrides: Any) -> None:
    """Let an erased user come back: his rows are taken in again by the next fit.

    Raises
    ------
    UsageError
        He was not erased here.
    """
    with _opened(workspace, overrides, no_progress) as (place, _, store):
        if not store.tombstones.lift(user_id):
            raise UsageError(f"user {user_id!r} was not erased from {place.root}")


def complete_pending(
    place: Workspace, settings: Settings, progress: Progress = no_progress
) -> None:
    """Take up every erasure that was cut short; the write lock must be held.

    Everything that writes to a workspace calls this first.

    Raises
    ------
    ErasureUnfinished
        It still cannot be finished.
    """
    store = make_user_store(place.root, settings)
    try:
        pending = store.tombstones.pending()
        if not pending:
            return
        known = _known_users(place, settings, store)
        found = {store.tombstones.hash_of(user): user for user in known}
        for hash in sorted(pending):
            # One who is found nowhere was in no version any more: see places_of. What is
            # cleaned for nobody is what killed writers left, and an index that is of no use.
            _erase(place, settings, store, found.get(hash, NOBODY), progress)
            _finish(place, store, hash)
    finally:
        store.close()


def erased_among(place: Workspace, settings: Settings, user_ids: Iterable[str]) -> frozenset[str]:
    """Those of the users whose rows must not come in again."""
    store = make_user_store(place.root, settings)
    try:
        return store.tombstones.covered(user_ids)
    finally:
        store.close()


@contextmanager
def _opened(
    workspace: str | Path | None, overrides: dict[str, Any], progress: Progress
) -> Iterator[tuple[Workspace, Settings, UserStore]]:
    """The workspace, for writing, with no erasure pending; nothing is made where there is none."""
    settings = load_settings(workspace, overrides)
    place = Workspace(settings.workspace)
    if not place.root.is_dir():
        raise WorkspaceEmpty(place.root)
    with place.writing():
        complete_pending(place, settings, progress)
        store = make_user_store(place.root, settings)
        try:
            yield place, settings, store
        finally:
            store.close()


def _known_users(place: Workspace, settings: Settings, store: UserStore) -> set[str]:
    """Everyone of whom there may be anything to erase."""
    kept = _users_of_kept(place, settings, store)
    return {*store.users(), *kept, *ApiKeys(settings).users(), *_users_of_versions(place)}


def _users_of_kept(place: Workspace, settings: Settings, store: UserStore) -> Iterator[str]:
    for kept in kept_of(place, settings, store):
        try:
            yield from kept.users()
        except (KeptStoreDamaged, KeptStoreVersion):
            continue  # it is removed as a whole with the next erasure


def _users_of_versions(place: Workspace) -> Iterator[str]:
    for version in place.versions():
        try:
            yield from version.load_data().users
        except (ArtefactDamaged, ArtefactVersion):
            continue  # it is removed with the next erasure


def _forget(
    place: Workspace, settings: Settings, store: UserStore, user_id: str, progress: Progress
) -> tuple[ErasedFrom, ...]:
    store.tombstones.put(user_id)
    erased = _erase(place, settings, store, user_id, progress)
    _finish(place, store, store.tombstones.hash_of(user_id))
    return erased


def _erase(
    place: Workspace, settings: Settings, store: UserStore, user_id: str, progress: Progress
) -> tuple[ErasedFrom, ...]:
    erased = []
    for kept_in in places_of(place, settings, store, progress):
        try:
            erased.append(ErasedFrom(place=kept_in.name, records=kept_in.erase(user_id)))
        except (RecxError, OSError) as error:
            raise ErasureUnfinished(kept_in.name, error) from error
    return tuple(erased)


def _finish(place: Workspace, store: UserStore, hash: str) -> None:
    try:
        place.remove_leftovers()
    except OSError as error:
        raise ErasureUnfinished("what killed writers left behind", error) from error
    store.tombstones.finish(hash)
