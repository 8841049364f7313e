"""Making a bundle that comes to nothing leaves nothing behind: no file, and no archive that complains of its end."""

import gc
from datetime import UTC, datetime

import pytest

from stickprov_client.bundle.writing import BundleWriter, new_file


class NothingThereError(Exception):
    """Why it is given up."""


def give_up(target):
    with new_file(target, force=False) as file, BundleWriter(file, datetime(2026, 3, 1, tzinfo=UTC)) as writer:
        writer.add("README.txt", "start here", b"Hej.")
        raise NothingThereError


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_an_archive_that_is_given_up_is_closed_before_its_file(tmp_path):
    with pytest.raises(NothingThereError):
        give_up(tmp_path / "bundle.zip")
    gc.collect()

    assert list(tmp_path.iterdir()) == []
