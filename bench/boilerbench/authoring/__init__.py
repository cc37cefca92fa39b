"""In: what people write: labelled pages, runners. Out: gold pages, lint, scaffolds and the verdicts of conformance.

Not here: anything that a run or a score needs.
"""
