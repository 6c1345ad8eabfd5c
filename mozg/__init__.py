"""MOZG Analytics: from a restaurant's till to a report that people read.

The rooms of the house, from the street to the cellar: ``cli`` and ``serve`` listen, ``reports`` runs
notebooks, ``pages`` is what notebooks import, ``charts`` draws, ``analysis`` and ``forecast`` think,
``metrics`` defines each number once, ``sync`` brings data in, ``lake`` is the columnar copy, ``store`` is
the record in Postgres, ``pos`` speaks with tills, ``access`` knows who may see what, ``model`` holds the
records that pass between rooms.
"""

__version__ = "0.1.0"
