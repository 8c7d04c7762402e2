"""One record of everything that the workspace holds of a user."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from recx_agent.errors import UnknownUser, WorkspaceEmpty
from recx_agent.export.said import Said, Titles
from recx_agent.export.versions import events_of, seen_in
from recx_agent.factory import (
    indexed_records,
    load_model,
    make_audit_log,
    make_text_cache,
    make_user_store,
)
from recx_agent.people import People, sensitive_in_force
from recx_agent.people.muted import without_terms
from recx_agent.profile import describe_person
from recx_agent.protocols import UserStore
from recx_agent.schemas import (
    AuditRecord,
    ExportedAttributes,
    ExportedIndexRecord,
    Profile,
    UserExport,
)
from recx_agent.settings import Settings, load_settings
from recx_agent.workspace import Workspace

_BESIDE = ("feedback and added events", "evidence index", "kept texts", "audit records")
"""What is searched beside the versions."""


def export_user(
    workspace: str | Path | None, user_id: str, *, vectors: bool = False, **overrides: Any
) -> UserExport:
    """Collect everything that the workspace holds of a user.

    Parameters
    ----------
    workspace : str or Path or None
        Folder, else that of the settings.
    user_id : str
    vectors : bool
        Whether the evidence index's vectors are in it, as numbers.
    **overrides
        Settings that win over ``recx.toml`` and the environment.

    Raises
    ------
    UnknownUser
        Nothing is known of him, or he was erased.
    ArtefactError, EvidenceIndexError, UserStoreError, KeptStoreError
        A store cannot be read: an export that left it out would not be whole.
    """
    settings = load_settings(workspace, overrides)
    place = Workspace(settings.workspace)
    versions = place.versions()
    if not versions:
        raise WorkspaceEmpty(place.root)
    store = make_user_store(place.root, settings)
    try:
        if store.tombstones.covers(user_id):
            raise UnknownUser(user_id)
        known = [seen for version in versions if (seen := seen_in(version, user_id)) is not None]
        said = Said(store, user_id, Titles(versions, known))
        export = UserExport(
            user_id=user_id,
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            searched=(*(f"version {v.name}" for v in versions), *_BESIDE),
            events=tuple(events_of(known)),
            attributes=tuple(
                ExportedAttributes(version=seen.version.name, attributes=seen.attributes)
                for seen in known
                if seen.attributes
            ),
            feedback=said.feedback(),
            added_events=said.added(),
            hidden=said.hidden(),
            profile=_profile(place, settings, store, user_id),
            evidence_index=tuple(_records(place, settings, user_id, vectors)),
            texts=_texts(place, settings, store, user_id),
            audit=_audit(place, settings, store, user_id),
        )
    finally:
        store.close()
    found = (
        export.feedback,
        export.added_events,
        export.evidence_index,
        export.texts,
        export.audit,
    )
    if not (known or any(found)):
        raise UnknownUser(user_id)
    return export


def _profile(
    place: Workspace, settings: Settings, store: UserStore, user_id: str
) -> Profile | None:
    """What answers come from: without what is muted, or kept out of the score by a rule."""
    version = place.current()
    dataset = version.load_data()
    sensitive = sensitive_in_force(dataset, settings, version.notes.get("wording", {}))
    model = sensitive.counting(load_model(version.model))
    try:
        person = People(dataset, model, sensitive, store).person(user_id)
    except UnknownUser:  # an older version knows him, or the index
        return None
    muted = frozenset(person.muted)
    return describe_person(
        dataset, without_terms(model, muted), person, sensitive.besides(person.muted)
    )


def _records(
    place: Workspace, settings: Settings, user_id: str, vectors: bool
) -> list[ExportedIndexRecord]:
    return [
        ExportedIndexRecord(
            collection=record.collection,
            id=record.id,
            metadata=record.metadata,
            document=record.document,
            vector=record.vector,
        )
        for record in indexed_records(place.evidence, settings, user_id, vectors=vectors)
    ]


def _texts(place: Workspace, settings: Settings, store: UserStore, user_id: str) -> tuple[str, ...]:
    with closing(make_text_cache(place.root, settings, store.tombstones.covers)) as cache:
        return tuple(cache.of_user(user_id))


def _audit(
    place: Workspace, settings: Settings, store: UserStore, user_id: str
) -> tuple[AuditRecord, ...]:
    with closing(make_audit_log(place.root, settings, store.tombstones.covers)) as log:
        return tuple(log.of_user(user_id))
