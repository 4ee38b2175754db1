from pathlib import Path

import pytest

from drafter.triage import Triager


@pytest.fixture(scope="session")
def content_root():
    """The repository, which is the content root in development."""
    return Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def triager(content_root):
    """A triager of the shipped content, built once."""
    return Triager.load(content_root)
