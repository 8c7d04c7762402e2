"""A text of an event that was taken back is told no more, though the index still has it."""

from __future__ import annotations

from recx_agent.datasets.added import AddedEvent, with_added
from tests.unit.told_world import make_dataset, make_model, make_world, text_of

NOTE = "gribblewoq all over"


def test_a_text_that_was_taken_back_is_no_support() -> None:
    added = AddedEvent("id00x", "watch", None, 5000, NOTE)
    dataset = with_added(make_dataset(), {"u0": [added]})
    user = dataset.user("u0")
    (event,) = [e for e in dataset.describe_terms(user) if e.text == NOTE]
    other = dataset.describe_terms(user)[0]
    texts = [text_of(event, NOTE), text_of(other, "something else")]
    world = make_world(dataset, make_model(dataset), texts=texts)

    def told() -> str:
        person = world.people.person("u0")
        items, _ = world.model.top_k(person.history, 5, person.excluded)
        explained = world.explainer.explain(person, [int(i) for i in items], 5)
        return "".join(one.model_dump_json() for one in explained)

    assert "gribblewoq" in told(), "the control"
    world.store.taken_back["u0"] = [added]
    assert "gribblewoq" not in told()
    assert "something else" in told()
