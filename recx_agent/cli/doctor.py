"""``recx doctor``: what is in force, and what is missing."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import typer
from rich.table import Table
from rich.text import Text

from recx_agent.cli.console import out
from recx_agent.cli.options import WorkspaceOption
from recx_agent.errors import RecxError
from recx_agent.settings import Settings, load_settings

if TYPE_CHECKING:
    from recx_agent.recx import Recx

PACKAGES = (
    "lightfm-next",
    "implicit",
    "chromadb",
    "langchain-core",
    "sqlalchemy",
    "jinja2",
    "numpy",
    "scipy",
    "pandas",
)
EXTRAS = {"torch": "torch", "vllm": "vllm", "langchain": "llm", "openai": "llm"}


def doctor(workspace: WorkspaceOption = None) -> None:
    """Check packages, settings, model and index; exit 1 if something is missing."""
    settings = load_settings(workspace)
    checks = [*_packages(), *_workspace(settings)]
    table = Table(box=None, pad_edge=False, show_header=False)
    for _ in range(3):
        table.add_column()
    marks = {True: Text("ok", style="green"), False: Text("missing", style="red"), None: Text("–")}
    for name, good, detail in checks:
        table.add_row(marks[good], name, Text(detail))
    out.print(table)
    out.print("\nsettings in force", style="bold")
    out.print(settings.model_dump_json(indent=2), markup=False)
    if any(good is False for _, good, _ in checks):
        raise typer.Exit(1)


Check = tuple[str, bool | None, str]


def _packages() -> list[Check]:
    found: list[Check] = [("python", True, platform.python_version())]
    for package in PACKAGES:
        try:
            found.append((package, True, version(package)))
        except PackageNotFoundError:
            found.append((package, False, f"pip install {package}"))
    for package, extra in EXTRAS.items():
        try:
            found.append((package, True, version(package)))
        except PackageNotFoundError:
            found.append((package, None, f"optional: pip install 'recx-agent[{extra}]'"))
    return found


def _workspace(settings: Settings) -> list[Check]:
    from recx_agent.recx import Recx

    try:
        recx = Recx.open(settings.workspace)
    except RecxError as error:
        return [("model", False, str(error))]
    with recx:
        return [
            *_version(settings, recx),
            *_privacy(settings, recx),
            *_users(settings),
            *_facts(settings),
        ]


def _version(settings: Settings, recx: Recx) -> list[Check]:
    events, catalogue = recx.dataset.events, recx.dataset.catalogue
    size = f"{len(recx.dataset.users):,} users, {len(catalogue):,} items, {len(events):,} events"
    checks: list[Check] = [
        ("workspace", True, str(settings.workspace)),
        ("version", True, f"{recx.version.name}, made {recx.version.notes['made']}"),
        ("data", True, size),
        ("model", True, f"{recx.model.kind} {recx.model.fingerprint}"),
    ]
    try:
        checks.append(("index", True, recx.check_index()))
    except RecxError as error:
        checks.append(("index", False, str(error)))
    return checks


def _privacy(settings: Settings, recx: Recx) -> list[Check]:
    """What the rules cover; a rule that covers nothing may hold a slip of the pen."""
    from recx_agent.explainer.wording import wording_in_force
    from recx_agent.sensitive import Sensitive, rules_in_force

    domain = wording_in_force(settings, recx.version.notes.get("wording", {})).domain
    own, rules = settings.privacy.sensitive, rules_in_force(settings.privacy, domain)
    if not rules:
        return []
    found = Sensitive.compile(rules, recx.dataset)
    covered = (
        f"{found.items.sum():,} items, {len(found.values):,} attribute values, "
        f"{len(found.kinds):,} event types"
    )
    by_default = f" ({len(rules) - len(own)} of them by default, for {domain})"
    told = f"{len(rules)} rules{by_default if len(rules) > len(own) else ''} cover {covered}"
    checks: list[Check] = [("sensitive", True, told)]
    for number, rule in enumerate(own, start=1):
        alone = Sensitive.compile([rule], recx.dataset)
        if not (alone.items.any() or alone.values or alone.kinds):
            what = "no title, value or event type" if rule.words else "nothing"
            checks.append((f"rule {number}", None, f"covers {what} of these data"))
    return checks


def _users(settings: Settings) -> list[Check]:
    """Where feedback is, and whether an erasure waits."""
    from recx_agent.factory import make_user_store

    store = make_user_store(settings.workspace, settings)
    try:
        users, pending = len(store.users()), len(store.tombstones.pending())
    except RecxError as error:
        return [("users", False, str(error))]
    finally:
        store.close()
    kept = f"{users:,} with feedback or added events, in {store.where}"
    checks: list[Check] = [("users", True, kept)]
    if pending:
        what = "1 erasure was" if pending == 1 else f"{pending} erasures were"
        told = f"{what} cut short; 'recx index' goes on with what is left"
        checks.append(("erasures", False, told))
    return checks


def _facts(settings: Settings) -> list[Check]:
    from recx_agent.facts import load_hook

    if settings.facts.hook is None:
        return []
    try:
        load_hook(settings.facts.hook)
    except RecxError as error:
        return [("facts", False, str(error))]
    return [("facts", True, settings.facts.hook)]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(doctor)
