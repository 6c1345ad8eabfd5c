"""Tills and files → the record → the lake."""
