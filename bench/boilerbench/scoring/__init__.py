"""In: gold, extractions, metrics, a policy. Out: one row of counts and ratios per page, runner and metric.

Not here: means over pages and what they show; that is ranking.
"""
