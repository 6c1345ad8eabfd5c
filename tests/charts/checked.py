"""Charts that plotly.py has looked over: it refuses whatever plotly.js would not understand."""

import functools
import json

import plotly.graph_objects as go


def checked(draw):
    """Draw with ``draw``, send the figure through JSON as a page does, and return it as plotly.py reads it."""

    @functools.wraps(draw)
    def drawn(*given, **more):
        return go.Figure(json.loads(draw(*given, **more).to_json()))

    return drawn
