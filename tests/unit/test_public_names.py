"""The exported names are a promise: adding one is a decision, losing one a break."""

from __future__ import annotations

import recx_agent


def test_exports_are_frozen() -> None:
    assert sorted(recx_agent.__all__) == [
        "Recx",
        "RecxError",
        "Settings",
        "__version__",
        "explain_given",
        "export_user",
        "fit",
        "forget",
        "index",
        "load_settings",
        "update",
    ]


def test_every_exported_name_is_there() -> None:
    for name in recx_agent.__all__:
        assert getattr(recx_agent, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(recx_agent, "no_such_name")


def test_the_tree_of_errors_is_the_one_that_is_drawn() -> None:
    import recx_agent.errors as errors

    drawn = errors.__doc__ or ""
    defined = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.RecxError)
    }
    assert {name for name in defined if name not in drawn} == set()
