"""What is remembered of a case between drafts: contacts made, the public reply's life, the clock."""
