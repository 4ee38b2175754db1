"""Bulk drafting. What waits lies in `store/jobs.py`; whoever runs a `Foreman` works on it."""
