"""Review -> Triage."""
