"""drafter turns a negative Amazon review into a draft reply that is provably within policy."""

__version__ = "0.1.0"
