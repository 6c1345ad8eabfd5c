"""The organisation that one is signed in to."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, StringConstraints

from mozg.access import vault
from mozg.access.audit import note
from mozg.access.organizations import change_organization
from mozg.access.sessions import SignedIn
from mozg.access.venues import check_zone
from mozg.serve.api import etags
from mozg.serve.api.asking import allowed
from mozg.serve.api.models import OrganizationAnswer
from mozg.serve.api.problems import declared
from mozg.serve.api.text import Body, Country, Line, Locale, Zone

BotToken = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}:[A-Za-z0-9_-]{20,100}$")]
router = APIRouter(prefix="/organizations", tags=["organizations"])


class OrganizationChange(Body):
    """What to change; what is left out or null stays, but a null country or bot token is forgotten."""

    name: Line | None = Field(None, examples=["Trattoria Nord"])
    locale: Locale | None = Field(None, examples=["fr"])
    country: Country | None = Field(None, examples=["FR"])
    timezone: Zone | None = Field(None, examples=["Europe/Paris"])
    telegram_bot_token: BotToken | None = Field(
        None, repr=False, description="As BotFather gave it. It is sealed and never answered."
    )


@router.get("/current", responses=declared(401, 403) | etags.READ, response_model=OrganizationAnswer)
def read(request: Request, asking: Annotated[SignedIn, Depends(allowed("organization.read"))]) -> Response:
    """Tell about one's organisation."""
    return etags.answer(request, OrganizationAnswer.of(asking.organization))


@router.patch("/current", responses=declared(401, 403, 412), response_model=OrganizationAnswer)
def change(
    request: Request,
    asked: OrganizationChange,
    asking: Annotated[SignedIn, Depends(allowed("organization.change"))],
) -> Response:
    """Change one's organisation. Its currency cannot be changed."""
    changes = asked.given("country")
    changes.pop("telegram_bot_token", None)
    check_zone(changes.get("timezone", "UTC"))
    with etags.CHANGING:
        etags.must_match(request, OrganizationAnswer.of(asking.organization))
        changed = change_organization(asking.organization, **changes)
    if "telegram_bot_token" in asked.model_fields_set:
        vault.keep(changed.id, vault.TELEGRAM_BOT, asked.telegram_bot_token)
    note(changed.id, asking.user.email, "organization.changed", fields=sorted(asked.model_fields_set))
    return etags.answer(request, OrganizationAnswer.of(changed))
