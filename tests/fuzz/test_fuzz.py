"""A small campaign of the fuzzer, and the fuzzer itself."""

from pathlib import Path
from random import Random

import pytest

from scrapers.sources.registry import SOURCES
from tests.fuzz.campaign import Campaign
from tests.fuzz.documents import Specimen, read_specimens
from tests.fuzz.imports import read_import_files
from tests.fuzz.mutations import mutate


def test_mutated_documents_crash_nothing_and_cost_no_other(specimen_db: Path, tmp_path: Path) -> None:
    campaign = Campaign(13, tmp_path / "crashes")
    campaign.run(40, specimen_db, with_crash_files=False)
    found: list[str] = []
    campaign.save_crashes(found.append)
    assert found == []
    assert sum(campaign.counts.values()) > 40


def test_the_same_seed_makes_the_same_mutations() -> None:
    changed = []
    for specimen in [*read_specimens()[::5], *read_import_files()[::5]]:
        first, second = (mutate(Random("1/2"), specimen.body) for _ in range(2))
        assert first == second
        changed.append(first != specimen.body)
    assert sum(changed) > 0.8 * len(changed) > 10


def test_a_crash_is_found_and_saved(specimen_db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = SOURCES["hansard"]

    def crash(response: object) -> None:
        raise OverflowError("as a parser must not")

    monkeypatch.setitem(SOURCES, "hansard", type(source)(**{**vars(source), "parse": crash}))
    campaign = Campaign(1, tmp_path)
    campaign.specimens = [Specimen("hansard", "debates/2008-06-22/1", b"{}", False)]
    campaign.run(0, specimen_db)
    campaign.save_crashes(lambda _: None)
    assert (tmp_path / "as-it-is-0-parse-hansard.bin").read_bytes() == b"{}"
    assert "OverflowError: as a parser must not" in (tmp_path / "as-it-is-0-parse-hansard.txt").read_text()
