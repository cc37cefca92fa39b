"""In: a page with gold on which a runner fails. Out: a small one on which it fails the same way, with its gold.

Not here: how a runner is run; who asks for that gives a function from a page's characters to an extraction.
"""
