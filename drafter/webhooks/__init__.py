"""Telling other services what happened: to which addresses, and how. What is to be told lies in `store/webhooks.py`."""
