"""Review -> Triage."""

from drafter.triage.triager import Triager

__all__ = ["Triager"]
