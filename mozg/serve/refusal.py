"""A refusal that its reader gets in their own language, and the log in English."""

from tornado.web import HTTPError


class RefusedError(HTTPError):
    """An answer with an error's status; ``said`` is a `mozg.language.Sentence`, or an error that says one."""

    def __init__(self, status: int, said: str | Exception) -> None:
        super().__init__(status, str(said))
        self.said = said
