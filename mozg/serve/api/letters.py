"""Letters that let somebody set a password, by mail: an invitation, or a reset they asked for."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from urllib.parse import quote

from mozg.access.invitations import Letter, letter
from mozg.access.organizations import Organization, organizations
from mozg.access.users import User, accounts, find_user
from mozg.errors import DeliveryError
from mozg.reports.post import send
from mozg.serve.api import limiting
from mozg.settings import settings

_INVITATION = """{inviter} invites you to {organization} on MOZG Analytics as {role}.

Set your password here, within seven days:

{link}

If you do not know {inviter}, leave this letter unanswered: without a password nobody can sign in.
"""
_RESET = """Somebody, we hope you, asked for a new password on MOZG Analytics. Set it here, within an hour:

{links}

If it was not you, leave this letter unanswered: your password stays as it is.
"""


def mail_server() -> str:
    """Return the address of the mail server, empty if there is none."""
    server = settings().smtp_url
    return server.get_secret_value() if server else ""


def link(purpose: Letter, user: User) -> str:
    """Return the address of the page on which ``user`` sets a password, once."""
    return f"{settings().address.rstrip('/')}/set-password?token={quote(letter(purpose, user))}"


def invite(user: User, organization: Organization, inviter: str) -> None:
    """Mail an invitation.

    Raises:
        DeliveryError: the mail server did not take it, or the address was sent too many letters.
    """
    words = _INVITATION.format(
        inviter=inviter, organization=organization.name, role=user.role, link=link("invite", user)
    )
    _mail(user.email, f"{organization.name}: set your password", words)


def mail_reset(email: str) -> None:
    """Mail a link for each account of an address; nothing is sent where there is none.

    Raises:
        DeliveryError: the mail server did not take it, or the address was sent too many letters.
    """
    people = [find_user(*account) for account in accounts(email)]
    if people:
        names = {one.id: one.name for one in organizations()}
        links = [f"{names[person.organization_id]}:\n{link('reset', person)}" for person in people]
        _mail(people[0].email, "A new password for MOZG Analytics", _RESET.format(links="\n\n".join(links)))


def _mail(recipient: str, subject: str, words: str) -> None:
    if not limiting.may_write_to(recipient):
        raise DeliveryError(f"{recipient} was sent several letters in this hour. Try again later.")
    send(_message(recipient, subject, words), mail_server())


def _message(recipient: str, subject: str, words: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = Address(addr_spec=settings().mail_from)
    message["To"] = Address(addr_spec=recipient)
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=message["From"].addresses[0].domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words)
    return message
