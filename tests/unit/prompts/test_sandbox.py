"""Templates reach nothing but what they are handed."""

from __future__ import annotations

from dataclasses import dataclass

import jinja2
import pytest
from jinja2.exceptions import SecurityError

from recx_agent.prompts.sandbox import Sandbox


@dataclass
class View:
    title: str = "Fargo"
    _hidden: str = "secret"


def rendered(template: str, **given: object) -> str:
    return Sandbox().from_string(template).render(**given)


@pytest.mark.parametrize(
    "template",
    [
        "{{ view._hidden }}",
        "{{ view.__class__ }}",
        "{{ view['__class__'] }}",
        "{{ values.append(1) }}",
        "{{ word.format.__self__ }}",
        "{{ unknown }}",
        "{{ view.unknown }}",
    ],
)
def test_what_is_not_for_templates_is_refused_each_time(template: str) -> None:
    sandbox = Sandbox()
    for _ in range(2):
        with pytest.raises((SecurityError, jinja2.UndefinedError)):
            sandbox.from_string(template).render(view=View(), values=[], word="x")


def test_what_is_remembered_of_a_type_holds_for_no_other() -> None:
    class Open:
        def append(self, value: int) -> str:
            return f"took {value}"

    sandbox = Sandbox()
    ask = sandbox.from_string("{{ given.append(1) }}")
    assert ask.render(given=Open()) == "took 1"
    with pytest.raises(SecurityError):
        ask.render(given=[])
    assert ask.render(given=Open()) == "took 1"


def test_what_is_handed_over_is_read() -> None:
    assert rendered("{{ view.title }} {{ '{0}'.format(view.title) }}", view=View()) == "Fargo Fargo"
