"""Every error that mozg raises on purpose, in one tree.

    MozgError                    something a person can mend; its text says what to do
    ├── SettingsError            a setting is missing or contradicts another
    ├── AccessError              an organisation, venue, user or scope is unknown or may not do this
    │   ├── ScopeError           a scope token is forged, expired or meant for somebody else
    │   ├── SignInError          nobody is signed in: wrong credentials, or a token that is not valid or no longer
    │   └── ForbiddenError       somebody is signed in who may not do this
    ├── StoreError               Postgres refused or is not there
    ├── LakeError                the lake cannot be read or refreshed
    ├── TillError                a till did not give what was asked
    │   ├── TillUnreachable      closed port, wrong address, TLS, time-out
    │   ├── TillAccessDenied     wrong credentials, no licence slot, no right
    │   ├── TillBusy             asked too often; ask again later
    │   └── TillAnswerError      an answer that we cannot read
    ├── ImportFileError          a file of receipts cannot be imported; nothing of it was stored
    │   └── MappingError         the mapping does not fit the file
    ├── QueryError               an unknown metric or dimension, or two that do not go together
    ├── ForecastError            a series cannot be forecast
    ├── ReportError              a report is unknown, wrongly called, or failed
    │   ├── ParameterError       a parameter is unknown or of the wrong type
    │   ├── RunFailed            a section or the notebook failed
    │   └── ExportError          an executed notebook could not become HTML, PDF or XLSX
    ├── DeliveryError            a report could not be sent
    └── ServiceError             something that mozg serves did not start, or ended by itself

The command line prints the text and exits with 1; a bad call exits with 2.
"""


class MozgError(Exception):
    """Something a person can mend. The text is one or more sentences that say what and how."""


class SettingsError(MozgError):
    """A setting is missing or contradicts another."""


class AccessError(MozgError):
    """An organisation, venue, user or scope is unknown or may not do this."""


class ScopeError(AccessError):
    """A scope token is forged, expired or meant for somebody else."""


class SignInError(AccessError):
    """Nobody is signed in: wrong credentials, or a token that is forged, expired, used up or withdrawn."""


class ForbiddenError(AccessError):
    """Somebody is signed in whose role or list of venues does not allow this."""


class StoreError(MozgError):
    """Postgres refused or is not there."""


class LakeError(MozgError):
    """The lake cannot be read or refreshed."""


class TillError(MozgError):
    """A till did not give what was asked."""


class TillUnreachable(TillError):  # noqa: N818  # a state of the till, and reads as one where it is caught
    """Closed port, wrong address, TLS trouble or a time-out."""


class TillAccessDenied(TillError):  # noqa: N818
    """Wrong credentials, no free licence slot, or no right to the data."""


class TillBusy(TillError):  # noqa: N818
    """The till was asked too often, or is restarting; the same question may succeed later."""


class TillAnswerError(TillError):
    """The till answered something that we cannot read."""


class ImportFileError(MozgError):
    """A file of receipts cannot be imported; nothing of it was stored."""


class MappingError(ImportFileError):
    """The mapping does not fit the file."""


class QueryError(MozgError):
    """An unknown metric or dimension, or two that do not go together."""


class ForecastError(MozgError):
    """A series cannot be forecast."""


class ReportError(MozgError):
    """A report is unknown, wrongly called, or failed."""


class ParameterError(ReportError):
    """A report's parameter is unknown or of the wrong type."""


class RunFailed(ReportError):  # noqa: N818
    """A notebook failed while it ran."""


class ExportError(ReportError):
    """An executed notebook could not become HTML, PDF or XLSX."""


class DeliveryError(MozgError):
    """A report could not be sent."""


class ServiceError(MozgError):
    """Something that mozg serves did not start, or ended by itself."""
