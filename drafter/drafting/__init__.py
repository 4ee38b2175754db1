"""Triage -> Draft: by a prompt and a model, or by templates alone."""

from drafter.drafting.templates import Templates
from drafter.drafting.writer import Writer

__all__ = ["Templates", "Writer"]
