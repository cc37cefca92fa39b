"""In: a path. Out: a `GoldSet`; the layouts in which public sets are published.

Not here: where a set is fetched from, which is in the catalogue.
"""
