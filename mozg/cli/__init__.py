"""The ``mozg`` command. Exit codes: 0 done, 1 failed with a sentence that says what to do, 2 called wrongly."""

import sys

import typer

from mozg.cli import ask, bring, install, menu, people, planning, report, simulating, sync, tenants, venues
from mozg.cli.output import errors
from mozg.errors import MozgError
from mozg.settings import be_quiet

app = typer.Typer(
    name="mozg",
    help="From a restaurant's till to a report that people read.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command()(install.migrate)
app.command()(install.demo)
app.command()(install.up)
app.command()(install.lab)
app.command()(install.doctor)
app.command()(sync.sync)
app.command("import")(bring.import_)
app.command()(planning.plan)
app.command()(ask.query)
app.command()(ask.forecast)
app.command()(report.run)
app.command()(report.deliver)
app.command()(simulating.simulate)
app.add_typer(tenants.organizations_app, name="organizations")
app.add_typer(venues.venues_app, name="venues")
app.add_typer(menu.menu_app, name="menu")
app.add_typer(people.users_app, name="users")
app.add_typer(people.keys_app, name="keys")


def main() -> None:
    """Run the command line; an error of ours is one sentence on stderr and exit code 1."""
    be_quiet()
    try:
        app()
    except MozgError as error:
        errors.print(f"[bold red]Failed:[/] {error}", markup=True, highlight=False, soft_wrap=True)
        sys.exit(1)
