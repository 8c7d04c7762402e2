"""The parts of recx-agent import one another in one direction only, top to bottom."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "recx_agent"
MAPPED = ("evals", "prompts", "retrievers", "serve")

# Top to bottom: a part imports what stands below its own line. "recx", "build" and the line
# below them are the facade, and PACKAGE itself is recx_agent/__init__.py, which hands it out.
LAYERS = (
    ("cli",),
    ("serve", "evals"),
    (PACKAGE,),
    ("recx", "build", "given"),
    ("batch", "feedback", "assistant"),
    ("audit", "erasure", "export", "explainers"),
    ("factory",),
    ("workspace", "profile", "people", "what_if", "comparison", "removal"),
    ("recommenders", "retrievers", "prompts", "llms", "discriminator", "stores", "tools"),
    ("testing",),  # the shipped tests name no adapter: they are for those of others too
    ("explainer", "writing"),
    ("evidence", "grounding", "facts"),
    ("attribution",),
    ("sensitive",),
    ("protocols",),
    ("datasets", "api_keys"),
    (
        "schemas",
        "settings",
        "artefacts",
        "loop_thread",
        "watching",
        "channel",
        "write_lock",
        "ranking_metrics",
        "intervals",
    ),
    ("errors",),
)
LAYER = {part: depth for depth, parts in enumerate(LAYERS) for part in parts}
ADAPTERS = LAYERS[LAYER["recommenders"]]
NAMES_ADAPTERS = {"factory": set(ADAPTERS), "evals": {"recommenders"}}
READS_ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.getenvb", "pydantic_settings"}


def modules(root: Path) -> Iterator[tuple[str, Path]]:
    """Every file of the package, with the part it belongs to."""
    for path in sorted((root / PACKAGE).rglob("*.py")):
        first = path.relative_to(root / PACKAGE).parts[0]
        yield PACKAGE if first == "__init__.py" else first.removesuffix(".py"), path
    for folder in MAPPED:
        for path in sorted((root / folder).rglob("*.py")):
            yield folder, path


def imported(node: ast.AST) -> list[str]:
    """Dotted names that a node brings in; an import inside a function counts as well."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=module, names=names, level=level):
            return [f"{'.' * level}{module or ''}.{alias.name}" for alias in names]
        case ast.Call(
            func=ast.Attribute(attr="import_module") | ast.Name(id="import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            return [name]
        case ast.Attribute(value=ast.Name(id="os"), attr=attribute):
            return [f"os.{attribute}"]
        case ast.keyword(arg="envvar"):  # what typer would read by itself
            return ["os.environ"]
    return []


def problem(part: str, name: str, known: set[str]) -> str | None:
    """What is wrong with ``part`` importing the dotted ``name``, if anything is."""
    first, _, rest = name.partition(".")
    if not first:
        return "relative import"
    if part != "settings" and any(f"{name}.".startswith(f"{n}.") for n in READS_ENVIRONMENT):
        return "only settings reads the environment"
    if first in MAPPED:
        return f"a folder at the root is imported as {PACKAGE}.{first}"
    if first != PACKAGE:
        return None
    second = rest.partition(".")[0]
    target = second if second in known or second in LAYER else PACKAGE
    if target == part or target not in LAYER or part not in LAYER:
        return None  # a part that is in no layer is reported once, for its file
    if target in ADAPTERS and target not in NAMES_ADAPTERS.get(part, set()):
        return f"only factory names {target}"
    if LAYER[target] <= LAYER[part]:
        return f"{target} does not stand below {part}"
    return None


def violations(root: Path) -> list[str]:
    """Every breach of the rule, as ``file:line: what is wrong``."""
    found = []
    files = list(modules(root))
    known = {part for part, _ in files}
    for part, path in files:
        where = path.relative_to(root)
        if part not in LAYER:
            found.append(f"{where}: {part} is in no layer; name it in LAYERS")
        for node in ast.walk(ast.parse(path.read_bytes(), filename=str(where))):
            for name in imported(node):
                if wrong := problem(part, name, known):
                    found.append(f"{where}:{getattr(node, 'lineno', 0)}: {name}: {wrong}")
    return found


def test_every_import_points_down() -> None:
    assert violations(ROOT) == []


def test_every_folder_is_looked_at() -> None:
    assert {part for part, _ in modules(ROOT)} >= {PACKAGE, "errors", "recommenders", *MAPPED}


BREACHES = [
    ("recx_agent/errors.py", "from recx_agent.settings import Settings"),
    ("recx_agent/schemas.py", "from recx_agent import settings"),
    ("recx_agent/settings.py", "import recx_agent.artefacts"),
    ("recx_agent/datasets/reader.py", "from recx_agent.protocols import Claim"),
    ("recx_agent/evidence/build.py", "from recx_agent.grounding import verify"),
    ("recx_agent/explainer/explain.py", "from recx_agent import Recx"),
    ("recx_agent/workspace.py", "from recx_agent.recommenders import FactorModel"),
    ("recx_agent/recx.py", "import recx_agent.retrievers.chroma"),
    ("recx_agent/cli/app.py", "from recx_agent.prompts import render"),
    ("recx_agent/cli/app.py", "import prompts"),
    ("recx_agent/cli/app.py", "import typer\ntyper.Option(envvar='HOME')"),
    ("recx_agent/cli/app.py", "import pydantic_settings"),
    ("recx_agent/factory.py", "def load():\n    from recx_agent.recx import Recx"),
    ("recx_agent/factory.py", "import importlib\nimportlib.import_module('recx_agent.evals')"),
    ("recx_agent/factory.py", "import os\nos.environ.get('HOME')"),
    ("recx_agent/factory.py", "from os import getenv"),
    ("recx_agent/novelty.py", "import json"),
    ("retrievers/chroma.py", "from recx_agent.recommenders import FactorModel"),
    ("prompts/render.py", "from . import templates"),
    ("serve/rest.py", "from recx_agent.evals import ranking"),
    ("evals/run.py", "from recx_agent.serve import rest"),
    ("evals/run.py", "from recx_agent.retrievers import chroma"),
]
ALLOWED = [
    ("recx_agent/__init__.py", "from recx_agent.recx import Recx"),
    ("recx_agent/artefacts.py", "import os\nfrom recx_agent.errors import ArtefactDamaged"),
    ("recx_agent/settings.py", "import os\nos.environ.get('HOME')\nimport pydantic_settings"),
    ("recx_agent/factory.py", "from recx_agent.prompts.render import render"),
    ("recx_agent/cli/app.py", "from recx_agent import Recx\nfrom recx_agent import errors"),
    ("recx_agent/cli/app.py", "from recx_agent.cli import text\nfrom recx_agent import evals"),
    ("evals/ranking/run.py", "from recx_agent.recommenders.top_k import best_items"),
]


def write(root: Path, file: str, source: str) -> None:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")


@pytest.mark.parametrize(("file", "source"), BREACHES)
def test_a_breach_is_found(tmp_path: Path, file: str, source: str) -> None:
    write(tmp_path, file, source)
    found = violations(tmp_path)
    assert len(found) == 1
    assert found[0].startswith(file)


@pytest.mark.parametrize(("file", "source"), ALLOWED)
def test_what_is_allowed_passes(tmp_path: Path, file: str, source: str) -> None:
    write(tmp_path, file, source)
    assert violations(tmp_path) == []
