"""In: a path. Out: a `GoldSet`; one module per format that is nobody's own, and what all readers share.

Not here: the layouts of published sets, which are in `datasets`.
"""
