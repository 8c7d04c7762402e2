from __future__ import annotations

from recx_agent.serve.mcp.offers import offers
from recx_agent.tools import openai_schemas


def test_they_are_the_tools_of_every_other_door() -> None:
    mine = [
        {
            "type": "function",
            "function": {
                "name": offer.tool.name,
                "description": offer.tool.description,
                "parameters": offer.tool.input_schema,
            },
        }
        for offer in offers().values()
    ]
    assert mine == openai_schemas()


def test_only_feedback_changes_something() -> None:
    hints = {name: offer.tool.annotations for name, offer in offers().items()}
    writing = [name for name, hint in hints.items() if hint and not hint.read_only_hint]
    assert writing == ["give_feedback"]
    assert [name for name, offer in offers().items() if offer.scope != "recommend"] == writing
    assert all(hint and hint.destructive_hint is False for hint in hints.values())
    assert all(hint and hint.open_world_hint is False for hint in hints.values())


def test_every_tool_has_a_title_and_a_structured_answer() -> None:
    tools = [offer.tool for offer in offers().values()]
    assert all(tool.title and tool.output_schema for tool in tools)
