"""In: a command, limits, requests. Out: the replies of its child process, whatever that tried.

Not here: environments and runners. What runs inside a child imports the standard library alone.
"""
