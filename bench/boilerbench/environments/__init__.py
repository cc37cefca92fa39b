"""In: a runner. Out: the command of a child that can load it, with its locked dependencies built once into the cache.

Not here: starting that child for a page, or finding a runner by its name.
"""
