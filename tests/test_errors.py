"""Errors as values."""

from __future__ import annotations

import pickle

from inforce.errors import SurroundingsError


def test_an_error_of_the_surroundings_reaches_another_process_whole() -> None:
    error = SurroundingsError("the disk is full", "Make room.")

    arrived = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert (str(arrived), arrived.what, arrived.remedy) == (str(error), error.what, error.remedy)
