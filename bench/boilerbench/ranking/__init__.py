"""In: scores per page. Out: leaderboards with intervals, rank ranges and flags; slices, labels, policies side by side.

Not here: reading a page or an answer again, and how a table looks.
"""
