"""In: bytes of a page, an answer of an extractor, any text. Out: characters, plain text, tokens as hashes.

Not here: anything that knows of gold, of sets or of scores; nothing is read from a disk.
"""
