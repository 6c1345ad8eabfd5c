"""What the dashboards' pages may do in a browser, and the refusal of everything that is no page."""

from typing import Any

from voila.handler import BaseVoilaHandler

from mozg.language import Sentence, Words, preferred, words
from mozg.serve.colors import COOKIE as COLORS
from mozg.serve.colors import chosen_colors
from mozg.serve.refusal import RefusedError

#: What a dashboard may load and where it may send: this site alone. Voila writes scripts and styles into its page.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "img-src 'self' data: blob:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "strict-origin",  # a form that signs out says where it comes from
    "X-Content-Type-Options": "nosniff",
}


class PageHandler(BaseVoilaHandler):
    """A page in its reader's language and colours, also when there is only an error to show."""

    @property
    def words(self) -> Words:
        """The language of the reader's organisation, or what the browser asks for where nobody is signed in."""
        if self.current_user is None:
            return preferred(self.request.headers.get("Accept-Language", ""))
        return words(self.current_user.signed_in.organization.locale)

    @property
    def template_namespace(self) -> dict[str, Any]:
        """What every template of ours may use."""
        said = self.words
        told = {"say": said.say, "count": said.count, "language": said.language}
        given: dict[str, Any] = super().template_namespace
        return given | told | {"colors": chosen_colors(self.get_cookie(COLORS))}

    def write_error(self, status_code: int, **given: Any) -> None:
        """Answer with a page that says what happened, and where to go from there."""
        error = given.get("exc_info", (None, None))[1]
        said = self.words.told(error.said) if isinstance(error, RefusedError) else ""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.render_template("error.html", status_code=status_code, said=said))


class Nothing(PageHandler):
    """Says that there is no such page."""

    def initialize(self, **given: Any) -> None:
        """Take nothing: tornado makes this handler for every address that it does not know."""
        super().initialize(voila_configuration=self.settings["voila"].voila_configuration)

    async def prepare(self) -> None:
        """Refuse the request.

        Raises:
            RefusedError: 404, always, unless nobody is signed in.
        """
        await super().prepare()
        if not self._finished:
            raise RefusedError(404, Sentence("There is no such page."))

    def get(self) -> None:
        """Exist, because who may ask is looked up by method."""

    head = post = put = patch = delete = options = get
