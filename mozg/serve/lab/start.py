"""Starting the server: as a service, or for whoever sits at the terminal."""

import os
import secrets
import webbrowser

from mozg.access.organizations import Organization
from mozg.access.sessions import browser_cookie, close, open_session
from mozg.access.users import User, users_of
from mozg.errors import AccessError
from mozg.serve.lab.desk import folder_of
from mozg.serve.lab.leaving import Doorkeeper
from mozg.serve.lab.server import PORT, Ticket, prepared
from mozg.serve.services import HOST, free_port


def serve(organization: Organization, port: int, ticket: Ticket | None = None) -> None:
    """Serve on 127.0.0.1 until SIGTERM or SIGINT, then end every prompt.

    Raises:
        ServiceError: the kernel of this machine cannot confine prompts.
    """
    # Jupyter reads settings of its own from here and from nowhere else; there are none.
    os.environ |= {"JUPYTER_CONFIG_DIR": str(folder_of(organization.slug) / ".jupyter"), "JUPYTER_NO_CONFIG": "1"}
    with prepared(organization, port, ticket) as server:
        if ticket is not None:
            server.io_loop.run_in_executor(None, webbrowser.open, _address(port, ticket))
        Doorkeeper(server).start()
        server.start()


def lab(organization: Organization, email: str = "") -> None:
    """Serve and open a browser that is signed in as the person of that address (by default the first who may).

    Raises:
        AccessError: there is nobody of that address, or nobody who may work in JupyterLab.
        ServiceError: the kernel of this machine cannot confine prompts.
    """
    signed_in = open_session(_somebody(organization, email), kind="browser", agent="mozg lab")
    ticket = Ticket(secrets.token_urlsafe(24), browser_cookie(signed_in))
    port = free_port(PORT)
    print(f"JupyterLab for {signed_in.user.email}, once: {_address(port, ticket)}")  # noqa: T201  # to who sits there
    try:
        serve(organization, port, ticket)
    finally:
        close(signed_in)


def _address(port: int, ticket: Ticket) -> str:
    return f"http://{HOST}:{port}/let-in/{ticket.code}"


def _somebody(organization: Organization, email: str) -> User:
    able = [user for user in users_of(organization.id) if user.may("lab.open")]
    wanted = [user for user in able if email.strip().lower() in ("", user.email)]
    if not wanted:
        known = ", ".join(user.email for user in able) or "nobody yet; `mozg users` adds people"
        raise AccessError(f"{email or 'Nobody'} may not work in {organization.slug}'s JupyterLab. Who may: {known}.")
    return wanted[0]
