from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from recx_agent.errors import WriteFailed, WriteLocked
from recx_agent.write_lock import HOLDER_NAME, write_lock

HOLD = """
import sys
from pathlib import Path
from recx_agent.write_lock import write_lock
with write_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_writer_is_refused_at_once_and_told_who_writes(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        for _ in range(2):  # being refused takes nothing away from the holder
            with pytest.raises(WriteLocked, match=f"process {holder.pid} is writing"):
                with write_lock(tmp_path):
                    pass
        holder.kill()
        holder.communicate()
    with write_lock(tmp_path):  # a killed holder leaves no lock behind
        assert (tmp_path / HOLDER_NAME).read_text().split()[0] == str(os.getpid())


def test_the_machine_is_named_if_it_is_another_one(tmp_path: Path) -> None:
    with write_lock(tmp_path):
        for told, named in (
            ("4711 web-3", "process 4711 on web-3"),
            (f"4711 {socket.gethostname()}", "process 4711"),
            ("4711", "process 4711"),
            ("half of", "another process"),
        ):
            (tmp_path / HOLDER_NAME).write_text(told)
            with pytest.raises(WriteLocked) as refused, write_lock(tmp_path):
                pass
            assert refused.value.holder == named


def test_the_same_process_is_refused_too(tmp_path: Path) -> None:
    with write_lock(tmp_path):
        with pytest.raises(WriteLocked) as refused, write_lock(tmp_path):
            pass
    assert refused.value.holder == f"process {os.getpid()}"


def test_a_holder_that_did_not_say_who_it_is(tmp_path: Path) -> None:
    with write_lock(tmp_path):
        (tmp_path / HOLDER_NAME).unlink()
        with pytest.raises(WriteLocked, match="another process is writing"), write_lock(tmp_path):
            pass


def test_it_is_let_go_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), write_lock(tmp_path):
        raise KeyboardInterrupt
    assert not (tmp_path / HOLDER_NAME).exists()
    with write_lock(tmp_path):
        pass


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WriteFailed, match="file/write.lock: there is a file where a folder"):
        with write_lock(tmp_path / "file"):
            pass


def test_no_room_to_say_who_writes_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        with pytest.raises(WriteFailed, match="write.holder: the disk is full"):
            with write_lock(tmp_path):
                pass
    with write_lock(tmp_path):  # the lock was let go
        pass
