"""The REST API and the sign-in page: ``python -m mozg.serve.api --port 8000``."""
