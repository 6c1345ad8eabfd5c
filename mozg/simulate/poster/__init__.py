"""A simulated Poster: the vendor's API over a simulated chain."""

from mozg.simulate.poster.serving import ServedPoster, serve_poster

__all__ = ["ServedPoster", "serve_poster"]
