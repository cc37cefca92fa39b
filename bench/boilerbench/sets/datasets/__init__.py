"""In: a path. Out: a `GoldSet`; one module per layout in which a public set is published.

Not here: where a set is fetched from, which is in the catalogue.
"""
