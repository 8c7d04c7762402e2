"""Every writer on every case."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from recx_agent.errors import RecxError
from recx_agent.evals.cases import Case
from recx_agent.evals.journal import Journal, key_of
from recx_agent.evals.run.code import code_of_writers
from recx_agent.evals.run.faults import Fault, told
from recx_agent.evals.samples import Sample, with_bases
from recx_agent.evals.writers import LeftOut, WriterUnderTest, Written
from recx_agent.protocols import Progress


@dataclass(frozen=True)
class Texts:
    """What the writers wrote.

    Attributes
    ----------
    samples : list of Sample
        By writer, in the order of the cases.
    missing : mapping of str to mapping of str to str
        By writer: why there is no text, by case.
    faults : list of Fault
        Writers that failed; such cases are missing too, and written by the next run.
    """

    samples: list[Sample]
    missing: Mapping[str, Mapping[str, str]]
    faults: list[Fault]


def write_texts(
    writers: Mapping[str, WriterUnderTest],
    cases: Sequence[Case],
    journal: Journal,
    *,
    concurrency: int,
    progress: Progress,
) -> Texts:
    """Write what the journal does not hold, so many texts of a writer at once.

    Raises
    ------
    RecxError
        A language model failed in a way that may pass; what is written is kept.
    """
    found = Texts([], {name: {} for name in writers}, [])
    for name, writer in writers.items():
        stage = _Stage(name, writer, journal, progress, len(cases))
        records = asyncio.run(stage.all(cases, concurrency))
        for case, record in zip(cases, records, strict=True):
            if isinstance(record, Fault):
                found.faults.append(record)
                found.missing[name][case.key] = record.error  # type: ignore[index]
            elif isinstance(record, str):
                found.missing[name][case.key] = record  # type: ignore[index]
            else:
                found.samples.append(record.sample(case, name))
    return replace(found, samples=with_bases(found.samples))


class _Stage:
    """One writer at work."""

    def __init__(
        self,
        name: str,
        writer: WriterUnderTest,
        journal: Journal,
        progress: Progress,
        total: int,
    ) -> None:
        self._name, self._writer, self._journal = name, writer, journal
        self._progress, self._total, self._done = progress, total, 0

    async def all(self, cases: Sequence[Case], concurrency: int) -> list[Written | str | Fault]:
        turns = asyncio.Semaphore(concurrency)
        stage = f"writing: {self._name}"
        self._progress(stage, 0, self._total)

        async def one(case: Case) -> Written | str | Fault:
            async with turns:
                result = await self._one(case)
            self._done += 1
            self._progress(stage, self._done, self._total)
            return result

        try:
            async with asyncio.TaskGroup() as tasks:
                started = [tasks.create_task(one(case)) for case in cases]
        except BaseExceptionGroup as several:
            raise several.exceptions[0] from None
        return [task.result() for task in started]

    async def _one(self, case: Case) -> Written | str | Fault:
        key = key_of(
            stage="write",
            writer=dict(self._writer.description),
            code=code_of_writers(),
            case=case.digest,
        )
        record = self._journal.get(key)
        if record is None:
            try:
                written = await self._writer.write(case)
            except LeftOut as reason:
                return str(reason)
            except RecxError:
                raise
            except Exception as error:  # noqa: BLE001 - a record, whatever a writer does
                return Fault("write", self._name, "", case.key, told(error))
            self._journal.add(key, {"written": written.as_dict()})
            record = self._journal.get(key)
            assert record is not None
        return Written.of_dict(record["written"])
