"""Whether the API can do its work, for whoever watches over it."""

from typing import Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy import text

from mozg.serve.api import limiting
from mozg.serve.api.problems import declared
from mozg.store.database import app_engine

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """``ok`` means that the API answers and its database does."""

    status: Literal["ok"] = "ok"


@router.get("/health", responses=declared(), dependencies=[Depends(limiting.by_address)])
def health() -> Health:
    """Tell that the API and its database answer; 503 where the database does not."""
    with app_engine().connect() as connection:
        connection.execute(text("SELECT 1"))
    return Health()
