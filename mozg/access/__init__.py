"""Who may see what: organisations, venues, users, secrets and scopes."""
