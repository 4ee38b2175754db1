"""Prompt versions, labels and hashes; sandboxed rendering."""
