"""Sets, metrics and reports: how well each part does its work."""
