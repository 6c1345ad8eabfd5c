"""What tills call: iikoCloud tells of each order as it changes, and the venue's open days are read at once.

iikoCloud is told this address and the word in the venue's till setting ``webhook_token`` as its ``authToken``, which it
sends back as the header Authorization. What it tells is not believed but looked up: a call means no more than *read*.
"""

import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, HTTPException

from mozg.access.organizations import find_organization
from mozg.access.venues import venue_of_id
from mozg.errors import AccessError
from mozg.serve.api.text import PathId
from mozg.serve.live import ROUNDS

#: iikoCloud sends no more events in one call.
MOST = 100
router = APIRouter(prefix="/hooks", include_in_schema=False)


@router.post("/iiko/{organization}/{venue_id}", status_code=202)
def iiko(
    organization: str,
    venue_id: PathId,
    events: Annotated[list[Any], Body(max_length=MOST)],
    authorization: Annotated[str, Header()] = "",
) -> dict[str, int]:
    """Take iikoCloud's events of one restaurant, and read its till soon."""
    refused = HTTPException(401, "This caller is not known.")
    try:
        owner = find_organization(organization)
        venue = venue_of_id(owner, venue_id)
    except AccessError:
        raise refused from None
    token = str(venue.pos_config.get("webhook_token") or "")
    if not token or not hmac.compare_digest(authorization.encode(), token.encode()):
        raise refused
    if events:
        ROUNDS.read_soon(owner, venue)
    return {"events": len(events)}
