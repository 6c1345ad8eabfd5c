"""The people of one's organisation: inviting, changing, removing."""

from typing import Annotated, Self

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import BaseModel, Field, StrictBool

from mozg.access.audit import note
from mozg.access.scope import Role
from mozg.access.sessions import SignedIn
from mozg.access.users import User, add_user, address, change_user, find_user, users_of
from mozg.errors import AccessError, DeliveryError, ForbiddenError
from mozg.serve.api import etags, letters
from mozg.serve.api.asking import allowed
from mozg.serve.api.models import PersonAnswer
from mozg.serve.api.paging import Asked, Page
from mozg.serve.api.problems import declared, missing, refusing
from mozg.serve.api.text import Address, Body, Id, Line, PathId

router = APIRouter(prefix="/organizations/users", tags=["users"])
Reader = Annotated[SignedIn, Depends(allowed("users.read"))]
Changer = Annotated[SignedIn, Depends(allowed("users.change"))]
Venues = Annotated[list[Id], Field(max_length=1000)]
_REFUSALS = declared(401, 403, 404)


class Invitation(Body):
    """Somebody to invite. ``venues`` null means every venue."""

    email: Address = Field(examples=["max@trattoria.example"])
    name: Line = Field(examples=["Max Manager"])
    role: Role = Field(examples=["manager"])
    venues: Venues | None = Field(None, examples=[None])


class PersonChange(Body):
    """What to change; what is left out stays, and so does what is null, but for ``venues``: null is every venue."""

    name: Line | None = None
    role: Role | None = None
    venues: Venues | None = None
    active: StrictBool | None = Field(None, description="True lets somebody who was removed sign in again.")


class Invited(BaseModel):
    """Whom an invitation is for, and how it reaches them."""

    person: PersonAnswer
    mailed: bool = Field(description="Whether the mail server took the invitation.")
    problem: str | None = Field(description="Why it did not.", examples=[None])
    link: str | None = Field(
        description="Where the password is set. Only where there is no mail server: hand it to nobody else.",
        examples=[None],
    )

    @classmethod
    def to(cls, user: User, asking: SignedIn) -> Self:
        """Mail an invitation to ``user`` and return how that went."""
        if not letters.mail_server():
            return cls(person=PersonAnswer.of(user), mailed=False, problem=None, link=letters.link("invite", user))
        try:
            letters.invite(user, asking.organization, asking.user.name)
        except DeliveryError as error:
            return cls(person=PersonAnswer.of(user), mailed=False, problem=str(error), link=None)
        return cls(person=PersonAnswer.of(user), mailed=True, problem=None, link=None)


@router.get("", responses=declared(401, 403) | etags.READ, response_model=Page[PersonAnswer])
def people(request: Request, asking: Reader, paging: Asked) -> Response:
    """List everybody of the organisation by address, with who was removed."""
    everybody = map(PersonAnswer.of, users_of(asking.organization.id))
    items, following = paging.of(everybody, lambda person: person.email)
    return etags.answer(request, Page[PersonAnswer](items=items, next=following))


@router.post("", status_code=201, responses=declared(401, 403, 409))
def invite(asked: Invitation, asking: Changer, response: Response) -> Invited:
    """Add somebody, and invite them to set a password."""
    _may_make(asking, asked.role)
    email = address(asked.email)
    with refusing(409):
        user = add_user(asking.organization.id, email, asked.name, asked.role, venues=asked.venues)
    note(user.organization_id, asking.user.email, "user.invited", user.email, role=user.role)
    response.headers["Location"] = f"/api/v1/organizations/users/{user.id}"
    return Invited.to(user, asking)


@router.get("/{user_id}", responses=_REFUSALS | etags.READ, response_model=PersonAnswer)
def person(request: Request, user_id: PathId, asking: Reader) -> Response:
    """Tell about one person."""
    return etags.answer(request, PersonAnswer.of(_found(asking, user_id)))


@router.patch("/{user_id}", responses=declared(401, 403, 404, 409, 412), response_model=PersonAnswer)
def change(request: Request, user_id: PathId, asked: PersonChange, asking: Changer) -> Response:
    """Change a person's name, role or venues. Nobody changes their own role, and only owners change owners.

    A change of role, of venues or of being active ends the person's sessions.
    """
    changes = asked.given("venues")
    with etags.CHANGING:
        user = _found(asking, user_id)
        etags.must_match(request, PersonAnswer.of(user))
        _may_change(asking, user, changes.keys() - {"name"})
        _may_make(asking, changes.get("role", user.role))
        with refusing(409):
            changed = change_user(user, **changes)
    note(user.organization_id, asking.user.email, "user.changed", user.email, fields=sorted(changes))
    return etags.answer(request, PersonAnswer.of(changed))


@router.delete("/{user_id}", status_code=204, responses=declared(401, 403, 404, 409))
def remove(user_id: PathId, asking: Changer) -> None:
    """Let somebody sign in no longer. What they did stays on record."""
    with etags.CHANGING:
        user = _found(asking, user_id)
        _may_change(asking, user, {"active"})
        with refusing(409):
            change_user(user, active=False)
    note(user.organization_id, asking.user.email, "user.removed", user.email)


@router.post("/{user_id}/invitation", responses=declared(401, 403, 404, 409))
def invite_again(user_id: PathId, asking: Changer) -> Invited:
    """Invite somebody again who has not set a password."""
    user = _found(asking, user_id)
    _may_change(asking, user, {"invitation"})
    if user.has_password or not user.active:
        raise HTTPException(409, f"{user.email} has a password, or was removed. A lost password is set anew by mail.")
    note(user.organization_id, asking.user.email, "user.invited", user.email, role=user.role)
    return Invited.to(user, asking)


def _found(asking: SignedIn, user_id: int) -> User:
    try:
        return find_user(asking.organization.id, user_id)
    except AccessError:
        raise missing("user", user_id) from None


def _may_make(asking: SignedIn, role: Role) -> None:
    if role == "owner" and asking.user.role != "owner":
        raise ForbiddenError("Only an owner can make, change or remove an owner.")


def _may_change(asking: SignedIn, user: User, what: set[str]) -> None:
    _may_make(asking, user.role)
    if user.id == asking.user.id and what:
        raise ForbiddenError("Nobody changes their own role or venues, or removes themselves. Ask somebody else.")
