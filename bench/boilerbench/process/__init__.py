"""In: a command, limits, requests. Out: what its child process answered, whatever it tried.

Not here: environments and runners. What runs inside a child imports the standard library alone.
"""
