"""Reports: catalogue → run → export → deliver. A report is a notebook with a declaration beside it."""
