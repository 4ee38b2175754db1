"""Records: SQLAlchemy stores and an in-memory one."""
