"""In: a command, and what it may see and write. Out: that command, confined by what this kernel gives.

Not here: anything but the standard library, as this runs in a bare interpreter, before the command takes its place.
"""
