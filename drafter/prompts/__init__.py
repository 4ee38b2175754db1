"""Prompt files: versions, labels, hashes, sandboxed rendering, the fence around untrusted text, lint."""
