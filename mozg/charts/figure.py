"""A figure as plotly.js reads it: plain lists and dicts, put together without plotly.py.

plotly.py checks and copies every property as it is set: 20 to 60 ms for a figure, where a reader waits for a whole page
of them; and it takes half a second to import. Here a test makes these checks, of every chart. The methods are called as
there.
"""

import json
from typing import Any

Properties = dict[str, Any]


class Figure:
    """Traces and a layout, in plotly.js's own words.

    The layout is that of a figure with one pair of axes. What is given to the ``update_…`` methods is merged into what
    stands there, dict by dict; lists and single values are replaced.
    """

    def __init__(self, *traces: Properties) -> None:
        self.data: list[Properties] = list(traces)
        self.layout: Properties = {}

    def add_traces(self, *traces: Properties) -> None:
        """Draw traces over those that are there."""
        self.data.extend(traces)

    def update_layout(self, **given: Any) -> None:
        """Merge properties into the layout."""
        self.layout = _merged(self.layout, given)

    def update_xaxes(self, **given: Any) -> None:
        """Merge properties into the x axis."""
        self.update_layout(xaxis=given)

    def update_yaxes(self, **given: Any) -> None:
        """Merge properties into the y axis."""
        self.update_layout(yaxis=given)

    def add_annotation(self, **given: Any) -> None:
        """Write a text over the figure."""
        self.layout.setdefault("annotations", []).append(given)

    def add_vline(self, x: float, line: Properties) -> None:
        """Draw a line from the top of the plot to its bottom."""
        self._add_line({"x0": x, "x1": x, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain"}, line)

    def add_hline(self, y: float, line: Properties) -> None:
        """Draw a line from one side of the plot to the other."""
        self._add_line({"x0": 0, "x1": 1, "xref": "x domain", "y0": y, "y1": y, "yref": "y"}, line)

    def names(self) -> list[str]:
        """Return the names of the traces that have one, for the legend."""
        return [trace["name"] for trace in self.data if trace.get("name")]

    def to_dict(self) -> Properties:
        """Return the figure as plotly.js takes it, and ``plotly.graph_objects.Figure`` too."""
        return {"data": self.data, "layout": self.layout}

    def to_json(self) -> str:
        """Return the figure as JSON.

        Raises:
            ValueError: a number is not finite, which JSON cannot tell.
        """
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False)

    def _add_line(self, ends: Properties, line: Properties) -> None:
        self.layout.setdefault("shapes", []).append({"type": "line", **ends, "line": line})


def scatter(**properties: Any) -> Properties:
    """Return a trace of lines, points or both."""
    return {"type": "scatter", **properties}


def bar(**properties: Any) -> Properties:
    """Return a trace of bars."""
    return {"type": "bar", **properties}


def heatmap(**properties: Any) -> Properties:
    """Return a trace of coloured cells."""
    return {"type": "heatmap", **properties}


def _merged(known: Any, given: Properties) -> Properties:
    before: Properties = known if isinstance(known, dict) else {}
    return before | {
        name: _merged(before.get(name), value) if isinstance(value, dict) else value for name, value in given.items()
    }
