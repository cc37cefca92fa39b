"""In: the name or path of an extractor. Out: a `Runner`, as its file or folder declares it.

Not here: importing or running what was found.
"""
