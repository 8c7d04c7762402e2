"""What holds for every test: the installed package, no network, repeatable examples."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent

# The installed package is tested, an editable or a built one: never the folders that
# happen to lie beside the tests.
sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != ROOT]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what it puts in the background so, and programs inherit it: then no
    # Ctrl-C of a test would reach the program that is tested.
    signal.signal(signal.SIGINT, signal.default_int_handler)

hypothesis.settings.register_profile("recx", deadline=None)
hypothesis.settings.register_profile("recx-ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("recx-ci" if os.environ.get("CI") else "recx")


def pytest_report_header() -> str:
    """Say which installation is under test."""
    import recx_agent

    return f"recx_agent from {Path(str(recx_agent.__file__)).parent}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in tests/e2e, and let it reach this machine, but no other."""
    for item in items:
        if item.path.is_relative_to(ROOT / "tests" / "e2e"):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"]))


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the operator's ``RECX_…`` variables and ``recx.toml`` out of every test."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("RECX_")]:
            patch.delenv(name)
        patch.chdir(tmp_path_factory.mktemp("here"))
        yield
