"""What is shipped: every package and template, a light base install, one version."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import recx_agent

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
SETUPTOOLS = PYPROJECT["tool"]["setuptools"]
PACKAGES: list[str] = SETUPTOOLS["packages"]
NOT_FOR_EVERYONE = {"torch", "vllm"}
SLOW_TO_IMPORT = {
    "chromadb",
    "implicit",
    "langchain_core",
    "lightfm",
    "openai",
    "pandas",
    "sentence_transformers",
    *NOT_FOR_EVERYONE,
}


def folder_of(package: str) -> Path:
    """Where the source of a package lies, by setuptools' own rule."""
    mapped: dict[str, str] = SETUPTOOLS["package-dir"]
    parent, _, last = package.rpartition(".")
    if package in mapped:
        return ROOT / mapped[package]
    return folder_of(parent) / last if parent else ROOT / last


SOURCES = [ROOT / "recx_agent", *(ROOT / folder for folder in SETUPTOOLS["package-dir"].values())]


def sources(pattern: str) -> Iterator[Path]:
    """Files of the package that match ``pattern``, compiled ones left out."""
    for top in SOURCES:
        yield from (p for p in top.rglob(pattern) if p.is_file() and p.parent.name != "__pycache__")


def shipped_data() -> set[Path]:
    """Files that the package-data patterns take along."""
    return {
        path
        for package, patterns in SETUPTOOLS["package-data"].items()
        for pattern in patterns
        for path in folder_of(package).glob(pattern)
        if path.is_file()
    }


def in_the_wheel(path: Path) -> str:
    """The name that a source file has in the wheel."""
    top = path.relative_to(ROOT)
    return top.as_posix() if top.parts[0] == "recx_agent" else f"recx_agent/{top.as_posix()}"


def is_editable() -> bool:
    """Whether the installation under test is an editable one."""
    origin = metadata.distribution("recx-agent").read_text("direct_url.json")
    return bool(json.loads(origin or "{}").get("dir_info", {}).get("editable"))


def base_closure() -> dict[str, str]:
    """Every distribution a base install brings, and the one that asks for it."""
    asked_by: dict[str, str] = {
        canonicalize_name(Requirement(line).name): "" for line in PROJECT["dependencies"]
    }
    left = list(asked_by)
    while left:
        name = left.pop()
        for line in metadata.requires(name) or ():
            requirement = Requirement(line)
            needed = canonicalize_name(requirement.name)
            wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            if wanted and needed not in asked_by:
                asked_by[needed] = name
                left.append(needed)
    return asked_by


def imported_distributions(shipped_tests: bool = False) -> dict[str, str]:
    """Every distribution that the package, or its shipped tests, import, and a file that does."""
    imported: dict[str, str] = {}
    for path in sources("*.py"):
        if path.is_relative_to(ROOT / "recx_agent" / "testing") != shipped_tests:
            continue
        for node in ast.walk(ast.parse(path.read_bytes(), filename=str(path))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            imported |= {name.partition(".")[0]: str(path.relative_to(ROOT)) for name in names}
    owners = metadata.packages_distributions()
    return {
        canonicalize_name(owners.get(name, [name])[0]): path
        for name, path in imported.items()
        if name not in sys.stdlib_module_names
    }


def test_every_package_folder_is_listed() -> None:
    with_code = {path.parent for path in sources("*.py")}
    assert {folder_of(package) for package in PACKAGES} == with_code
    assert len(set(PACKAGES)) == len(PACKAGES)


def test_every_package_folder_has_an_init() -> None:
    assert [p for p in PACKAGES if not (folder_of(p) / "__init__.py").is_file()] == []


def test_every_other_file_is_package_data() -> None:
    assert set(sources("*")) - set(sources("*.py")) == shipped_data()
    assert ROOT / "recx_agent" / "py.typed" in shipped_data()


def test_the_installation_is_this_source_whole() -> None:
    imported_from = Path(str(recx_agent.__file__)).parent
    if is_editable():
        assert imported_from == ROOT / "recx_agent"
        return
    assert not imported_from.is_relative_to(ROOT / "recx_agent")
    files = metadata.distribution("recx-agent").files or ()
    installed = {str(file) for file in files if file.parts[0] == "recx_agent"}
    installed = {name for name in installed if "__pycache__" not in name}
    assert installed == {in_the_wheel(p) for p in [*sources("*.py"), *shipped_data()]}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_found_by_its_name(package: str) -> None:
    finds = "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)"
    subprocess.run([sys.executable, "-I", "-c", finds, package], check=True)


def test_the_base_install_brings_neither_torch_nor_vllm() -> None:
    brought = base_closure()
    assert {name: brought[name] for name in NOT_FOR_EVERYONE & brought.keys()} == {}
    assert len(brought) > len(PROJECT["dependencies"])


@pytest.mark.parametrize("module", ["recx_agent", "recx_agent.cli"])
def test_what_is_slow_to_import_is_imported_late(module: str) -> None:
    loads = "import importlib, sys; importlib.import_module(sys.argv[1]); print(*sys.modules)"
    command = [sys.executable, "-I", "-c", loads, module]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert module in loaded
    assert SLOW_TO_IMPORT & set(loaded) == set()


def test_whatever_is_imported_is_declared() -> None:
    extras: dict[str, list[str]] = PROJECT["optional-dependencies"]
    lines = [
        line for name, group in extras.items() if name not in {"test", "dev"} for line in group
    ]
    declared = {
        canonicalize_name(Requirement(line).name) for line in [*PROJECT["dependencies"], *lines]
    }
    imported = imported_distributions()
    assert {name: imported[name] for name in imported.keys() - declared - {"recx-agent"}} == {}
    assert "numpy" in imported
    of_tests = imported_distributions(shipped_tests=True)
    assert of_tests.keys() - declared - {"recx-agent"} == {"pytest"}


def test_there_is_one_version() -> None:
    assert recx_agent.__version__ == metadata.version("recx-agent") == PROJECT["version"]


def test_the_changelog_goes_with_the_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first, *released = re.findall(r"^## \[(.+?)\]", text, flags=re.MULTILINE)
    assert first == "Unreleased"
    assert all(Version(number) <= Version(PROJECT["version"]) for number in released)
