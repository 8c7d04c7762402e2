"""Everything that is known of a user, for him to see."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from recx_agent.datasets import NO_TIME, Dataset, Event
from recx_agent.errors import UnknownUser, UsageError, WorkspaceEmpty
from recx_agent.factory import (
    indexed_records,
    load_model,
    make_audit_log,
    make_text_cache,
    make_user_store,
)
from recx_agent.people import People, sensitive_in_force
from recx_agent.profile import describe_person
from recx_agent.protocols import UserStore
from recx_agent.schemas import (
    AuditRecord,
    ExportedAttributes,
    ExportedEvent,
    ExportedIndexRecord,
    HiddenRef,
    Profile,
    UserExport,
)
from recx_agent.settings import Settings, load_settings
from recx_agent.workspace import Version, Workspace

_BESIDE = ("hidden items", "evidence index", "kept texts", "audit records")
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
    store = make_user_store(place.root)
    try:
        if store.tombstones.covers(user_id):
            raise UnknownUser(user_id)
        known = [seen for version in versions if (seen := _seen(version, user_id)) is not None]
        export = UserExport(
            user_id=user_id,
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            searched=(*(f"version {v.name}" for v in versions), *_BESIDE),
            events=tuple(_events(known)),
            attributes=tuple(
                ExportedAttributes(version=seen.version.name, attributes=seen.attributes)
                for seen in known
                if seen.attributes
            ),
            hidden=tuple(_hidden(store, user_id, known)),
            profile=_profile(known, settings, store, user_id),
            evidence_index=tuple(_records(place, settings, user_id, vectors)),
            texts=_texts(place, settings, store, user_id),
            audit=_audit(place, settings, store, user_id),
        )
    finally:
        store.close()
    found = (export.hidden, export.evidence_index, export.texts, export.audit)
    if not (known or any(found)):
        raise UnknownUser(user_id)
    return export


def write_export(path: Path, export: UserExport, *, force: bool = False) -> None:
    """Write an export as JSON in UTF-8, whole or not at all; its owner alone can read it.

    Raises
    ------
    UsageError
        The file is there already, and ``force`` is not set.
    """
    text = export.model_dump_json(indent=2) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        if force:
            os.replace(name, path)
        else:
            os.link(name, path)  # unlike a rename, it replaces nothing
    except FileExistsError:
        raise UsageError(f"{path}: is there already; --force replaces it") from None
    finally:
        Path(name).unlink(missing_ok=True)


@dataclass(frozen=True)
class _Seen:
    """A user as one version holds him."""

    version: Version
    dataset: Dataset
    user: int

    @property
    def attributes(self) -> dict[str, str]:
        return {name: own[self.user] for name, own in self.dataset.user_attributes.items()}


def _seen(version: Version, user_id: str) -> _Seen | None:
    dataset = version.load_data()
    if user_id not in dataset.users:
        return None
    return _Seen(version, dataset, dataset.users.internal(user_id))


def _events(known: Sequence[_Seen]) -> list[ExportedEvent]:
    """Each event once: equal ones of several versions are one."""
    events: dict[str, ExportedEvent] = {}
    versions: dict[str, list[str]] = {}
    for seen in known:
        for event in _described(seen):
            key = event.model_dump_json()
            events[key] = event
            versions.setdefault(key, []).append(seen.version.name)
    return [events[key].model_copy(update={"versions": tuple(v)}) for key, v in versions.items()]


def _described(seen: _Seen) -> list[ExportedEvent]:
    dataset, where = seen.dataset, seen.dataset.events.of_user(seen.user)
    positions = range(where.start, where.stop)
    user_id = dataset.users.external(seen.user)
    described = dataset.events.describe(positions, user_id, dataset.catalogue.ids.ids)
    return [
        _exported(dataset, event, int(dataset.events.time[position]))
        for position, event in zip(positions, described, strict=True)
    ]


def _exported(dataset: Dataset, event: Event, seconds: int) -> ExportedEvent:
    known = event.item >= 0
    return ExportedEvent(
        id=event.id,
        event_type=event.event_type,
        item_id=dataset.catalogue.ids.external(event.item) if known else None,
        title=dataset.catalogue.titles[event.item] if known else None,
        value=event.value,
        time=None if seconds == NO_TIME else datetime.fromtimestamp(seconds, UTC).isoformat(),
        text=event.text,
        context=json.loads(event.context) if event.context else {},
        source=event.source,
        positive=event.positive,
        versions=(),
    )


def _hidden(store: UserStore, user_id: str, known: Sequence[_Seen]) -> list[HiddenRef]:
    def title(item_id: str) -> str:
        for seen in reversed(known):
            if item_id in seen.dataset.catalogue.ids:
                catalogue = seen.dataset.catalogue
                return catalogue.titles[catalogue.ids.internal(item_id)]
        return ""

    return [
        HiddenRef(
            item_id=entry.item_id,
            title=title(entry.item_id),
            since=entry.since.isoformat(timespec="seconds"),
        )
        for entry in store.hidden_items(user_id)
    ]


def _profile(
    known: Sequence[_Seen], settings: Settings, store: UserStore, user_id: str
) -> Profile | None:
    """What answers come from: without what is hidden, or kept out of the score by a rule."""
    for seen in known:
        if seen.version.current:
            dataset, fitted = seen.dataset, seen.version.notes.get("wording", {})
            sensitive = sensitive_in_force(dataset, settings, fitted)
            model = sensitive.counting(load_model(seen.version.model))
            person = People(dataset, model, sensitive, store).person(user_id)
            return describe_person(dataset, model, person, sensitive)
    return None


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
