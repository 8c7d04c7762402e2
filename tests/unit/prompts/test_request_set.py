"""The templates of requests: checked when they are read, sandboxed, strict."""

from __future__ import annotations

import pytest

from recx_agent.errors import PromptError
from recx_agent.prompts.request_set import build_requests, load_requests, read_request_files


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_shipped_requests_are_whole(language: str) -> None:
    assert load_requests(language).language == language


def test_a_language_without_requests_is_named() -> None:
    for language in ("fr", "..", "en/../zh"):
        with pytest.raises(PromptError, match="no requests to a language model in the language"):
            load_requests(language)


def test_the_version_changes_with_any_file() -> None:
    files = read_request_files("en")
    first = build_requests(files, "en").version
    for name in files:
        changed = {**files, name: files[name] + ("\n" if name.endswith("j2") else "\n#")}
        assert build_requests(changed, "en").version != first


def test_a_variable_that_the_manifest_does_not_list_is_refused() -> None:
    files = read_request_files("en")
    files["system.j2"] += "{{ history }}"
    with pytest.raises(PromptError, match=r"system\.j2 takes history, pack, .* says pack"):
        build_requests(files, "en")


def test_a_variable_that_is_not_given_is_no_gap() -> None:
    with pytest.raises(PromptError, match="'lines' is undefined"):
        load_requests("en").render("explain_one", notes=(), opening="", saying="")


def test_a_missing_template_is_named() -> None:
    files = read_request_files("en")
    del files["repair.j2"]
    with pytest.raises(PromptError, match=r"requests 'en': KeyError: 'repair\.j2'"):
        build_requests(files, "en")


@pytest.mark.parametrize(
    "source",
    [
        "{{ pack.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{{ pack.rules.append('x') }}",
    ],
)
def test_a_template_reaches_nothing_but_its_variables(source: str) -> None:
    files = {**read_request_files("en"), "system.j2": source + "{{ pack }}"}
    with pytest.raises(PromptError, match="cannot be worded|SecurityError|unsafe"):
        build_requests(files, "en").render("system", pack=type("P", (), {"rules": []})())
