"""Writers of explanations, and what their texts are judged by."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from recx_agent.factory.language_models import make_chooser
from recx_agent.factory.stores import make_audit_log, make_text_cache
from recx_agent.grounding import Verifier, load_vocabulary
from recx_agent.llms import open_chat_model
from recx_agent.prompts import GivenTemplates, LlmPrompts, TemplateWriter, load_domain
from recx_agent.prompts.request_set import load_requests
from recx_agent.protocols import (
    AuditLog,
    ChatModel,
    ChatRequest,
    ExplanationWriter,
    Plan,
    Slot,
    Task,
    TextCache,
)
from recx_agent.schemas import AuditRecord
from recx_agent.settings import (
    LlmSettings,
    Settings,
)
from recx_agent.writing import (
    GivenWriter,
    GroundedWriter,
    Replayed,
    SecondOpinion,
    Speech,
    replay,
    request_of,
)
from recx_agent.writing.grammar import grammar_for


def make_writer(
    folder: Path, settings: Settings, erased: Callable[[str], bool]
) -> ExplanationWriter:
    """The writer of explanations, in every language; to be closed.

    Parameters
    ----------
    folder : Path
        The workspace, where texts and records are kept.
    settings : Settings
        Where no language model is set, templates write.
    erased : callable
        Whether a user is erased, or is being erased.

    Raises
    ------
    SettingsError
        See :func:`recx_agent.llms.open_chat_model` and :func:`make_chooser`.
    """
    templates = TemplateWriter(settings.wording.language)
    model = open_chat_model(settings.llm)
    if model is None:
        return templates
    return make_grounded_writer(
        settings,
        model,
        cache=make_text_cache(folder, settings, erased) if settings.kept.cache_entries else None,
        audit=make_audit_log(folder, settings, erased) if settings.kept.audit else None,
    )


def make_grounded_writer(
    settings: Settings,
    model: ChatModel,
    *,
    cache: TextCache | None = None,
    audit: AuditLog | None = None,
) -> GroundedWriter:
    """The writer that asks ``model``, which is closed with it."""
    chosen_by = settings.llm.discriminator
    return GroundedWriter(
        templates=TemplateWriter(settings.wording.language),
        prompts=LlmPrompts(),
        speech_of=speech_of,
        model=model,
        settings=settings.llm,
        cache=cache,
        audit=audit,
        chooser=None if chosen_by is None else make_chooser(Path(chosen_by)),
        opinion=make_second_opinion(settings.judge),
    )


def make_second_opinion(settings: LlmSettings) -> SecondOpinion | None:
    """The judge of sentences that passed, if one is set.

    Raises
    ------
    SettingsError
        See :func:`recx_agent.llms.open_chat_model`.
    """
    model = open_chat_model(settings)
    if model is None:
        return None
    name = f"{settings.model or '?'}@{settings.base_url or 'this process'}"
    return SecondOpinion(model, LlmPrompts(), name)


def make_given_writer(settings: LlmSettings, model: ChatModel | None = None) -> GivenWriter:
    """The writer of explanations from passages that somebody gives; to be closed.

    Parameters
    ----------
    settings : LlmSettings
    model : ChatModel, optional
        Asked in the place of that of the settings, and closed with the writer.

    Raises
    ------
    SettingsError
        See :func:`recx_agent.llms.open_chat_model` and :func:`make_chooser`.
    """
    model, chosen_by = model or open_chat_model(settings), settings.discriminator
    chooser = None if model is None or chosen_by is None else make_chooser(Path(chosen_by))
    return GivenWriter(GivenTemplates(), model, settings, chooser)


def slots_of(plan: Plan) -> Mapping[str, Slot]:
    """The placeholders of a plan, with their words."""
    return LlmPrompts().slots(plan)


def explain_request(plan: Plan, settings: LlmSettings, *, grammar: bool = True) -> ChatRequest:
    """The first request about a plan, as the writer sends it; or without its grammar."""
    prompts, speech = LlmPrompts(), speech_of(plan.wording)
    slots = prompts.slots(plan)
    request = request_of(prompts.explain(plan, slots), speech, slots, settings)
    return request if grammar else replace(request, grammar=None)


def speech_of(wording: Mapping[str, Any], task: Task = "explain", /) -> Speech:
    """What texts of a wording are judged by, for a task.

    Raises
    ------
    SettingsError
        There is no such domain or language.
    """
    folder = wording.get("domain_folder")
    return _speech(
        str(wording.get("language") or "en"),
        str(wording.get("domain") or "shop"),
        None if folder is None else str(folder),
        task,
    )


@functools.cache
def _speech(language: str, domain: str, folder: str | None, task: Task) -> Speech:
    pack = load_domain(domain, language, folder)
    vocabulary = load_vocabulary(language, pack.words, task)
    requests = load_requests(language)
    if task == "explain":
        system = requests.render("system", pack=pack)
    else:
        system = requests.render("system_task", pack=pack, task=task)
    return Speech(
        judge=Verifier(vocabulary, instructions=[system], task=task),
        grammar=lambda slots: grammar_for(slots, vocabulary),
        caution=pack.caution,
        version=f"{language}-{domain}+{pack.digest}"
        if task == "explain"
        else f"{language}-{domain}-{task}+{pack.digest}",
    )


def replay_text(record: AuditRecord) -> Replayed:
    """Judge the drafts of an audit record again, as they would be judged today."""
    return replay(record, speech_of, TemplateWriter(record.writer.language))
