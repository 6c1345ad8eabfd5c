"""The columnar copy: one encrypted DuckLake per organisation, with its catalogue in Postgres."""
