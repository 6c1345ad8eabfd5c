"""What answers are made of: people, organisations, and the tokens of a session."""

from typing import Self

from pydantic import BaseModel, Field

from mozg.access import tokens
from mozg.access.organizations import Organization
from mozg.access.permissions import ALLOWED, Action
from mozg.access.scope import Role
from mozg.access.sessions import SignedIn, access_token, refresh_token
from mozg.access.users import User


class OrganizationAnswer(BaseModel):
    """A restaurant company. Money of all its venues is in ``currency`` (ISO 4217)."""

    model_config = {"title": "Organization"}

    slug: str = Field(examples=["trattoria"])
    name: str = Field(examples=["Trattoria Nord"])
    currency: str = Field(examples=["EUR"])
    locale: str = Field(examples=["en"])
    country: str | None = Field(examples=["FR"])
    timezone: str = Field(examples=["Europe/Paris"])

    @classmethod
    def of(cls, organization: Organization) -> Self:
        """Return what the API tells of an organisation."""
        return cls(**{name: getattr(organization, name) for name in cls.model_fields})


class PersonAnswer(BaseModel):
    """Somebody who may sign in. ``venues`` null means every venue."""

    model_config = {"title": "Person"}

    id: int = Field(examples=[7])
    email: str = Field(examples=["max@trattoria.example"])
    name: str = Field(examples=["Max Manager"])
    role: Role = Field(examples=["manager"])
    venues: list[int] | None = Field(examples=[[3, 4]])
    active: bool
    has_password: bool = Field(description="False as long as an invitation was not accepted.")
    telegram: bool = Field(description="Whether a Telegram account is linked.")

    @classmethod
    def of(cls, user: User) -> Self:
        """Return what the API tells of a person."""
        return cls(
            id=user.id,
            email=user.email,
            name=user.name,
            role=user.role,
            venues=None if user.venues is None else list(user.venues),
            active=user.active,
            has_password=user.has_password,
            telegram=user.telegram_id is not None,
        )


class Me(BaseModel):
    """Who is signed in, where, and what they may do."""

    person: PersonAnswer
    organization: OrganizationAnswer
    allowed: list[Action] = Field(examples=[["venues.read", "reports.run"]])

    @classmethod
    def of(cls, signed_in: SignedIn) -> Self:
        """Return what the API tells somebody about themselves."""
        return cls(
            person=PersonAnswer.of(signed_in.user),
            organization=OrganizationAnswer.of(signed_in.organization),
            allowed=[action for action in ALLOWED if signed_in.may(action)],
        )


class Tokens(BaseModel):
    """A session: the token that the API takes, and the one that fetches the next pair, once."""

    access_token: str
    token_type: str = Field("Bearer", examples=["Bearer"])
    expires_in: int = Field(description="Seconds for which the access token is good.", examples=[900])
    refresh_token: str

    @classmethod
    def of(cls, signed_in: SignedIn, refreshed: str | None = None) -> Self:
        """Return the tokens of a session; ``refreshed`` is its next refresh token, if it is not the first."""
        return cls(
            access_token=access_token(signed_in),
            token_type="Bearer",  # noqa: S106  # the name of the scheme
            expires_in=int(tokens.LIFETIME["access"].total_seconds()),
            refresh_token=refreshed or refresh_token(signed_in),
        )
