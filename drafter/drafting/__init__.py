"""Triage -> Draft: prompt and model, or a template."""
