"""What a leaderboard can be cut by, known before anything heavy is loaded."""

SLICES = {
    "language": "language",
    "page-type": "page_type",
    "set": "set",
    "charset": "encoding",
    "length": "length",
    "complexity": "complexity",
}
"""A slice's name, and the column of the pages' table that holds it."""

UNKNOWN = "unknown"
"""The slice of pages that do not say."""
