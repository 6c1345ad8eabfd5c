"""Write ``docs/permissions.md`` from the table in ``mozg/access/permissions.py``."""

from pathlib import Path

from mozg.access.permissions import table

TEXT = """# Who may do what

A person has one role in an organisation, and may be limited to some of its venues: then they see nothing of the
others, in any report, number, file or list. What shows or changes the whole organisation is closed to people who are
limited to venues.

{table}
Reports name the roles that may read them (`roles` in `reports/<name>.toml`). A finished run can be downloaded by
whoever may see every venue that is in it.

A free prompt has the organisation's own database role: whoever may open JupyterLab can read the organisation's whole
record with it, who opened which report included.

This page is made by `python scripts/permissions.py` from `mozg/access/permissions.py`; a test holds the two equal.
"""

if __name__ == "__main__":
    Path(__file__).parent.parent.joinpath("docs", "permissions.md").write_text(TEXT.format(table=table()), "utf-8")
