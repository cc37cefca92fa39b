"""nothing: answers no page, the baseline below everything.

Its score is what a metric gives for an empty answer; pages whose gold text is empty are the ones it gets right.
"""

DISTRIBUTION = ""
INPUT = "text"
FORMAT = "text"


def extract(html, url=None):  # noqa: ARG001  # every runner takes both
    return None
