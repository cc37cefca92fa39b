"""One module per command of the command line, each with its `command`; imported when it is called.

Not here: logic. A command reads its options, calls the package that knows, and prints.
"""
