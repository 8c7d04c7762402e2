"""A real PostgreSQL server of Debian's packages, for tests alone: on loopback, with a password."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest

INSTALL = "apt-get install --no-install-recommends postgresql"
PASSWORD = "p@ss/w:rd %?"
"""With everything that has to be percent-encoded in an address."""


@dataclass
class PostgresServer:
    """One server with a folder of its own.

    Attributes
    ----------
    folder : Path
        The cluster's files.
    port : int
    owner : str
        Who runs it: it refuses root.
    """

    folder: Path
    port: int
    owner: str
    _binaries: Path = field(default_factory=lambda: binaries())

    @property
    def url(self) -> str:
        """Address of the database, password and all."""
        return f"postgresql://recx:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/recx"

    def make(self) -> None:
        """Make the cluster, the user and the database."""
        with tempfile.NamedTemporaryFile("w", dir=self.folder.parent) as secret:
            secret.write(PASSWORD)
            secret.flush()
            shutil.chown(secret.name, self.owner)
            options = ["-U", "recx", "-A", "scram-sha-256", f"--pwfile={secret.name}"]
            self._run("initdb", "-D", str(self.folder), *options, "-E", "UTF8", "--locale=C")
        self.start()
        self.ask("CREATE DATABASE recx", database="postgres")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        log = str(self.folder.parent / "log")
        self._run("pg_ctl", "-D", str(self.folder), "-o", options, "-l", log, "-w", "start")

    def stop(self) -> None:
        """Stop it; what it has in memory is written."""
        self._run("pg_ctl", "-D", str(self.folder), "-m", "fast", "-w", "stop")

    def kill(self) -> None:
        """Kill it as a power cut would: nothing is written any more."""
        main = int((self.folder / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        for process in (main, *map(int, children)):
            os.kill(process, signal.SIGKILL)
        for process in (main, *map(int, children)):
            _wait_for_end(process)
        # A container may have nobody who reaps it, and its number would still be taken.
        (self.folder / "postmaster.pid").unlink()

    def ask(self, statement: str, database: str = "recx") -> str:
        """Run a statement as the superuser."""
        command = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "recx", "-At"]
        done = subprocess.run(
            [str(self._binaries / command[0]), *command[1:], "-d", database, "-c", statement],
            env={**os.environ, "PGPASSWORD": PASSWORD},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def tables_with(self, word: str) -> list[str]:
        """Files of tables and indexes that hold a word, after everything was written."""
        self.ask("CHECKPOINT")
        files = [path for path in (self.folder / "base").rglob("*") if path.is_file()]
        return sorted(str(p.name) for p in files if word.encode() in p.read_bytes())

    def log_with(self, word: str) -> list[str]:
        """Files of the write-ahead log that hold a word."""
        files = (self.folder / "pg_wal").glob("0*")
        return sorted(path.name for path in files if word.encode() in path.read_bytes())

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._binaries / program), *arguments],
            user=self.owner if os.geteuid() == 0 else None,
            cwd=self.folder,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            check=False,
        )
        log = self.folder.parent / "log"
        told = log.read_text(errors="replace") if log.exists() else done.stderr
        assert done.returncode == 0, told


def binaries() -> Path:
    """Where PostgreSQL is; it is installed where that is allowed.

    A test that needs it fails where it cannot be had: what is not tested is not known to work.
    """
    found = _found()
    if found is None and os.geteuid() == 0:
        for command in ("apt-get update -q", f"{INSTALL} -q -y"):
            subprocess.run(
                command.split(),
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                capture_output=True,
                check=False,
                timeout=250,
            )
        found = _found()
    if found is None:
        pytest.fail(f"there is no PostgreSQL server on this machine: {INSTALL}")
    return found


def _found() -> Path | None:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    return next((place for place in reversed(places) if (place / "initdb").exists()), None)


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A server that is gone afterwards, with all its files."""
    place = binaries()  # before the user is looked for: the package makes him
    owner = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    # Not below pytest's folders: those are root's alone.
    root = Path(tempfile.mkdtemp(prefix="recx-postgres-", dir="/tmp"))
    folder = root / "data"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(root, owner)
        shutil.chown(folder, owner)
    server = PostgresServer(folder, _free_port(), owner, place)
    try:
        server.make()
        yield server
        server.stop()
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_end(process: int) -> None:
    """Children of a killed server are nobody's; a pidfd tells when they are gone."""
    import select

    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return
    try:
        ready, _, _ = select.select([descriptor], [], [], 30)
        assert ready, f"process {process} does not end"
    finally:
        os.close(descriptor)
