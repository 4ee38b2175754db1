"""Steps from one shape of the tables to the next, oldest first, and the file that alembic runs."""
