"""The figures as a Markdown page: growth in one table, ratios and exactness below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from benchmarks.names import FIRST, OPENING, REQUESTS
from benchmarks.plan import MOVIELENS
from benchmarks.promises import Ratio, Run, ratios
from recx_agent.evals.tables import markdown_table

QUICK_WARNING = "**A quick run on small data: it shows that everything works, and nothing else.**\n"


def page(run: Run, machine: Mapping[str, str], command: str, picture: str) -> str:
    """Write the page.

    Parameters
    ----------
    run : Run
    machine : mapping
        See :func:`benchmarks.machine.describe`.
    command : str
    picture : str
        File name of the picture.
    """
    effort, loads = run.effort, run.loads
    parts = ["# Benchmarks\n"]
    if run.quick:
        parts.append(QUICK_WARNING)
    parts += [
        f"Written by `{command}` on {machine['date']}: {machine['cores']} cores of "
        f"{machine['processor']}, {machine['memory']}, {machine['system']}; "
        f"{machine['versions']}. Load of the machine during the run: {min(loads):.1f} to "
        f"{max(loads):.1f}.\n",
        "Timings are noisy, and other work on the machine disturbs them. The ratios are "
        "firmer: both sides were timed in turn, in one process.\n",
        f"![time and memory by number of events]({picture})\n",
        "## Growth\n",
        _growth_text(run),
        markdown_table(
            ["", *(f"{size.series}: {size.events:,} events" for size in effort.sizes)],
            list(_growth(run)),
        ),
        "## Ratios\n",
        "How many times as long, by the medians; in brackets the 10th and 90th percentile over "
        "the pairs. One thread everywhere.\n",
        markdown_table(
            ["takes … times as long", "as", "where", "times", "promised", "lists"],
            [_line(ratio) for ratio in ratios(run)],
        ),
        _ratio_text(),
        "## Exactness\n",
        _shap_text(run.records["shapley"], run.records[MOVIELENS]),
    ]
    return "\n".join(parts)


def _growth_text(run: Run) -> str:
    settings = run.records[f"{run.effort.sizes[0].name}-fit"]["settings"]
    return (
        "Data are made up: Zipf popularity, log-normal history lengths, genres and tastes; every "
        "event is positive and indexed. The fit is the default one but for the epochs: "
        f"{settings['epochs']} instead of 45, {settings['runs']} runs of "
        f"{settings['components']} factors side by side, {settings['drawn_history']} history "
        "items drawn. Later epochs take longer than these first ones, since negatives that "
        "still rank too high become rare. Each stage is a process of its own; memory is the "
        "most that was resident, libraries and touched pages of mapped files included. Of "
        "milliseconds and histories, the median and the 95th percentile.\n"
    )


def _growth(run: Run) -> Iterator[list[str]]:
    sizes = run.effort.sizes

    def row(name: str, stage: str, cell: Callable[[Any], str]) -> list[str]:
        return [name, *(cell(run.records[f"{size.name}-{stage}"]) for size in sizes)]

    def peak(stage: str) -> list[str]:
        return [f"{run.peaks[f'{size.name}-{stage}']:,.0f}" for size in sizes]

    yield ["users", *(f"{size.users:,}" for size in sizes)]
    yield ["items", *(f"{size.items:,}" for size in sizes)]
    yield row("history items of a user", "top-k", _history)
    yield row("fit: seconds an epoch", "fit", lambda r: f"{r['seconds_per_epoch']:.2f}")
    yield ["fit: MB", *peak("fit")]
    yield row("index: seconds", "index", lambda r: f"{r['seconds']:.1f}")
    yield row("index: events a second", "index", lambda r: f"{r['events_per_second']:,.0f}")
    yield row("index: MB on disk", "index", lambda r: f"{r['megabytes']:,.0f}")
    yield ["index: MB", *peak("index")]
    for kind, what in REQUESTS.items():
        yield row(f"{what}: ms", kind, partial(_latency, what))
        yield [f"{what}: MB", *peak(kind)]
    for what in (OPENING, FIRST):
        yield row(f"{what}: ms", "evidence", partial(_latency, what))


def _history(requests: Mapping[str, Any]) -> str:
    return f"{requests['history']['p50']:.0f}, {requests['history']['p95']:.0f}"


def _latency(what: str, requests: Mapping[str, Any]) -> str:
    told = requests["latency"].get(what)  # with one collection there is no other
    return "" if told is None else f"{told['p50']:.2f}, {told['p95']:.2f}"


def _line(ratio: Ratio) -> list[str]:
    promised = "" if ratio.least is None else f"≥ {ratio.least:g}"
    return [
        ratio.what,
        ratio.against,
        ratio.where,
        f"{ratio.value:.1f} [{ratio.low:.1f}, {ratio.high:.1f}]",
        f"{promised}, **missed**" if ratio.missed else promised,
        ratio.lists,
    ]


def _ratio_text() -> str:
    return (
        "*Itself*: the largest and the smallest size of the series in which users alone grow, "
        "asked in turn about users with histories of like length: 1 means that a request does "
        "not cost more for there being more users. *Users and items summed beforehand* is the "
        "fastest that `LightFM.predict` can be: its own sums over history and attributes are "
        "taken from it. Evidence includes making the ids of the user's events.\n"
    )


def _shap_text(found: Mapping[str, Any], movielens: Mapping[str, Any]) -> str:
    served, als = found["served"], found["als"]
    heads = ["score", "largest difference", "over Σ\\|terms\\|", "mean", "base value", "same first"]
    names = {
        "served": "the served model, double precision",
        "predict": "`LightFM.predict`, single precision",
        "als": "*for information:* ALS, the user solved anew",
    }
    return (
        f"MovieLens 100K, {movielens['settings']['epochs']} epochs, {served['users']} users, "
        "the best item of each, histories cut to the twelve newest items: the contributions of "
        "the history view against `shap.explainers.Exact`, which scores every coalition of "
        "history items (background: no history; ages kept). *Base value*: its difference from "
        "the score of no history. *Same first*: users whose largest contribution is the largest "
        "Shapley value too.\n\n"
        + markdown_table(heads, [[name, *_gap(found[key])] for key, name in names.items()])
        + "\nWith LightFM a contribution is the Shapley value. With ALS it is not, since removing "
        "an item changes how the others count; the ranks without a cause are solved anew there "
        f"and exact. The first cause is the same for {als['same_first']} of {als['users']} users.\n"
    )


def _gap(found: Mapping[str, float]) -> list[str]:
    figures = [f"{found[key]:.1e}" for key in ("gap", "relative", "mean_relative", "base")]
    return [*figures, f"{found['same_first']} of {found['users']}"]
