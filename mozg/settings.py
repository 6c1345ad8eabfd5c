"""Typed settings, read once from the environment and ``.env``; each one is explained in ``.env.example``.

Nothing else in mozg reads the environment, so this file is the whole list of what can be configured.
"""

import functools
import os
import secrets
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from mozg.errors import SettingsError

#: No tool that mozg starts may call home: Prefect's two switches, Jupyter, and everybody who honours DO_NOT_TRACK.
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLI_PROMPT": "false",
    "JUPYTERLAB_CHECK_FOR_UPDATES": "false",
}


class Settings(BaseSettings):
    """What can be configured: each field is an environment variable, named as in ``.env.example``."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    database_url: SecretStr | None = None
    var_path: Path = Field(Path("var"), validation_alias="MOZG_VAR")
    data_path: str | None = None
    secret_key: SecretStr | None = Field(None, validation_alias="MOZG_SECRET_KEY")
    project_path: Path = Field(Path(__file__).resolve().parent.parent, validation_alias="MOZG_PROJECT")
    browser_path: Path | None = None
    smtp_url: SecretStr | None = None
    mail_from: str = "reports@localhost"
    report_timeout: int = Field(900, gt=0, validation_alias="MOZG_REPORT_TIMEOUT")
    scope_minutes: int = Field(15, gt=0, validation_alias="MOZG_SCOPE_MINUTES")
    address: str = Field("http://127.0.0.1:8000", validation_alias="MOZG_ADDRESS")
    dashboards_address: str | None = Field(None, validation_alias="MOZG_DASHBOARDS_ADDRESS")
    trusted_origins: str | None = Field(None, validation_alias="MOZG_TRUSTED_ORIGINS")
    cors_origins: str | None = Field(None, validation_alias="MOZG_CORS_ORIGINS")
    registration: Literal["open", "closed"] = Field("open", validation_alias="MOZG_REGISTRATION")
    till_network: Literal["any", "public"] = Field("any", validation_alias="MOZG_TILL_NETWORK")
    requests_per_minute: int = Field(600, gt=0, validation_alias="MOZG_REQUESTS_PER_MINUTE")
    sign_ins_per_hour: int = Field(30, gt=0, validation_alias="MOZG_SIGN_INS_PER_HOUR")
    reread_days: int = Field(7, ge=0, validation_alias="MOZG_REREAD_DAYS")
    reconcile_days: int = Field(31, ge=1, validation_alias="MOZG_RECONCILE_DAYS")
    books_hours: float = Field(3, ge=0, validation_alias="MOZG_BOOKS_HOURS")
    demo_years: float = Field(2, gt=0, le=10)
    demo_seed: int = 7

    # What a notebook kernel is given instead of the secrets above; nobody sets these by hand.
    scope_token: SecretStr | None = Field(None, validation_alias="MOZG_SCOPE")
    scope_key: str | None = Field(None, validation_alias="MOZG_SCOPE_KEY")
    lake_dsn: SecretStr | None = Field(None, validation_alias="MOZG_LAKE_DSN")
    lake_schema: str | None = Field(None, validation_alias="MOZG_LAKE_SCHEMA")
    lake_snapshot: int | None = Field(None, validation_alias="MOZG_LAKE_SNAPSHOT")

    @property
    def var(self) -> Path:
        """The folder for all state of this installation, as an absolute path."""
        return self.var_path if self.var_path.is_absolute() else self.project_path / self.var_path

    @property
    def lake_path(self) -> str:
        """Where the lake's Parquet files are: a folder, or an object store's URL."""
        return self.data_path or str(self.var / "lake")

    @property
    def origins(self) -> frozenset[str]:
        """The origins of this installation's own pages: ``http://host:port`` each."""
        return frozenset([self.address.rstrip("/"), *(self.trusted_origins or "").split()])

    @property
    def archive(self) -> Path:
        """Where executed notebooks and their exports are kept."""
        return self.project_path / "reports" / "archive"

    @functools.cached_property
    def secret(self) -> bytes:
        """The installation's secret: the setting, or a file under ``var`` that is made on first use."""
        if self.secret_key:
            return self.secret_key.get_secret_value().encode()
        return _secret_file(self.var / "secret.key")


def _secret_file(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        secret = path.read_bytes()
        if not secret:
            raise SettingsError(f"{path} is empty. Restore it from a backup, or set MOZG_SECRET_KEY.") from None
        return secret
    with os.fdopen(descriptor, "wb") as file:
        secret = secrets.token_urlsafe(48).encode()
        file.write(secret)
    return secret


@functools.cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()


def be_quiet() -> None:
    """Switch off telemetry and update checks of everything this process imports or starts."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
