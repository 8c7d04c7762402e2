"""In whatever world: who tells the rule is found right, who tells a distractor wrong."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from recx_agent.evals.samples import Sample, Sentence
from recx_agent.evals.scorers.worlds.judges import world_scorers
from recx_agent.evals.worlds import KNOWABLE, Planted, WorldSpec, plant
from recx_agent.evals.worlds.rules import value_of
from tests.unit.evals.scorers.worlds.ruled import VALUES, ruled_sample

SCORERS = {scorer.name: scorer for scorer in world_scorers(VALUES)}
SPECS = st.builds(
    WorldSpec,
    rules=st.lists(st.sampled_from(KNOWABLE), min_size=1, max_size=2, unique=True).map(tuple),
    users_per_rule=st.just(3),
    items=st.just(360),
    likes=st.integers(2, 4),
    dislikes=st.integers(0, 5),
    noise=st.just(0.0),
    seed=st.integers(0, 10_000),
)


def value(name: str, sample: Sample) -> float | None:
    return SCORERS[name].score(sample).value


def samples(planted: Planted, told_by: str) -> list[Sample]:
    """One for each user, of a model whose terms are the rule; told by an oracle, or a liar."""
    columns = planted.items
    titles = dict(zip(columns["item_id"], columns["title"], strict=True))
    made = []
    for user, rule in planted.rules.items():
        liked = [
            item
            for who, item, rating, _ in planted.interactions
            if (who, rating > 3) == (user, True)
        ]
        item = next(item for item in rule.items if item not in liked)
        stray = next(id for id in columns["item_id"] if id not in rule.items and id not in liked)
        history = {id: 1.0 / n for n, id in enumerate(liked, 1)} | {stray: 0.01}
        attributes = dict.fromkeys(rule.parts, 1.0) | {"tags=Railways": 0.5}
        if told_by == "oracle":
            why = " and ".join(map(value_of, rule.parts))
            text = f"Because you liked “{titles[liked[0]]}”" + (f" for {why}." if why else ".")
        else:
            text = f"Because of “{titles[stray]}”, which has Railways."
        sentence = Sentence(text, ("H1",))
        made.append(ruled_sample(rule, [sentence], history, attributes, "", titles, item))
    return made


@settings(deadline=None, max_examples=25)
@given(SPECS)
def test_an_oracle_tells_every_rule_and_nothing_else(spec: WorldSpec) -> None:
    for sample in samples(plant(spec), "oracle"):
        for name in ("model_fits", "model_recall", "rule_recall", "rule_precision"):
            assert value(name, sample) == 1.0, name
        assert value("told_of_carried", sample) == value("evidence_precision", sample) == 1.0
        assert value("distractor_told", sample) == value("abstained_wrongly", sample) == 0.0
        assert value("twin_told", sample) in (0.0, None)


@settings(deadline=None, max_examples=25)
@given(SPECS)
def test_who_tells_distractors_tells_no_rule(spec: WorldSpec) -> None:
    for sample in samples(plant(spec), "liar"):
        for name in ("rule_recall", "rule_precision", "told_of_carried", "evidence_precision"):
            assert value(name, sample) == 0.0, name
        assert value("model_recall", sample) == 1.0
        assert value("distractor_told", sample) == 1.0
