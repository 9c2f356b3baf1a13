"""The builds that are broken on purpose can still be made; `make bite` tries them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.broken_builds.__main__ import ROOT, Build, Change, builds


@pytest.mark.parametrize("build", builds(), ids=lambda build: build.name)
def test_what_is_broken_on_purpose_is_still_there_to_be_broken(build: Build):
    assert build.changes
    for change in build.changes:
        assert (ROOT / change.file).read_text(encoding="utf-8").count(change.old) == 1, change.file
        assert change.new != change.old
    assert build.tests
    for test in build.tests:
        file, _, name = test.partition("::")
        assert f"def {name.partition('[')[0]}(" in (ROOT / file).read_text(encoding="utf-8"), test


def test_a_change_that_fits_nowhere_or_twice_is_refused(tmp_path: Path):
    (tmp_path / "page.html").write_text("one two two", encoding="utf-8")
    Change("page.html", "one", "three").apply(tmp_path)
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == "three two two"
    for old in ("one", "two"):
        with pytest.raises(ValueError, match="not once"):
            Change("page.html", old, "").apply(tmp_path)
    with pytest.raises(ValueError, match="0 times"):
        Change("gone.html", "two", "").apply(tmp_path)


def test_a_build_that_is_not_listed_is_not_passed_over():
    with pytest.raises(SystemExit, match="nothing of the kind"):
        builds(["nothing of the kind"])
