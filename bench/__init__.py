"""The harness of boilerbench: run content extractors over gold-annotated pages, score them, rank them honestly."""

__version__ = "0.1.0"
