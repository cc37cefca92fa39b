"""In: the scores of two sides. Out: paired differences, gates, floors, history, the release that changed a page.

Not here: how a comparison is written down.
"""
