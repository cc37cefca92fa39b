"""In: runners and pages. Out: an `Extraction` for every pair of them, in the run folder.

Not here: gold. Nothing in this package may look at it.
"""
