"""What of a buyer's data leaves this machine: nothing that names or reaches him, and a ledger of what did leave.

To add a kind of data, add its finder to `entities.py` and its word to `Kind`.
"""
