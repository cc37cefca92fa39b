"""In: typed values and tables. Out: run folders and the cache, each file with a schema number and put in place whole.

Not here: what the values mean. Nobody else opens a file of ours.
"""
