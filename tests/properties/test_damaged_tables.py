"""Whatever happens to the bytes of a table, it is read or refused in words."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recx_agent.datasets import read_dataset
from recx_agent.errors import DataError
from recx_agent.settings import DataSettings

ROWS = [(f"u{n % 5}", f"i{n % 7}", n % 5 + 1, 1_000 + n, f"text {n}") for n in range(30)]
NAMES = ("user_id", "item_id", "value", "timestamp", "text")


def as_csv() -> bytes:
    lines = [",".join(NAMES), *(f'{u},{i},{v},{t},"{x}"' for u, i, v, t, x in ROWS)]
    return "\n".join([*lines, ""]).encode()


def as_parquet() -> bytes:
    memory = io.BytesIO()
    columns = zip(*ROWS, strict=True)
    pq.write_table(pa.table(dict(zip(NAMES, map(list, columns), strict=True))), memory)
    return memory.getvalue()


FORMS = {"csv": as_csv(), "parquet": as_parquet()}
PIECES = st.sampled_from(
    [b"", b",", b'"', b"\n", b"\r", b"\0", b"\xff", b"\x1e", b"nan", b"1e999", b"-", b";", b"\t"]
)
DAMAGE = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 3), PIECES | st.binary(max_size=3)),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged") / "interactions"


@pytest.mark.parametrize("form", FORMS)
@given(damage=DAMAGE, allowed=st.sampled_from([0, 30]))
def test_a_damaged_table_is_read_or_refused_in_words(
    form: str, path: Path, damage: list[tuple[float, int, bytes]], allowed: int
) -> None:
    data = FORMS[form]
    for where, length, piece in damage:
        at = int(where * len(data))
        data = data[:at] + piece + data[at + length :]
    path.write_bytes(data)
    try:
        dataset, report = read_dataset(DataSettings(max_bad_rows=allowed), interactions=path)
    except DataError as error:
        assert str(error).startswith(str(path))
    else:
        assert len(dataset.events) == report.files[-1].rows_kept > 0
