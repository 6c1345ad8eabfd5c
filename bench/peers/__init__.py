"""How else it could be done: other ways to load, and the same questions asked of plain Postgres."""
