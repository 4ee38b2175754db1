"""Kinds of checks, one file each; `drafter.guardrails.registry.KINDS` names them."""
