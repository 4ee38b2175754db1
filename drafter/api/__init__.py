"""The HTTP service: `create_app` in `app.py`, one file per noun."""
