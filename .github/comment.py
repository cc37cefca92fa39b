"""Put a report on its pull request: `comment.py NUMBER FILE` makes one comment, which later runs of the job change.

Takes the address, the repository and the job from the variables that GitHub Actions sets, and a token from `TOKEN`.
It ends with 0 whatever becomes of the comment: the gates have decided, and the report is in the job's summary.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

LONGEST = 65_536
"""Characters of a comment."""

MARK = f"<!-- boilerbench {os.environ['GITHUB_JOB']} -->\n"
"""How each comment of this job begins, which nobody sees."""


def asked(path: str, method: str = "GET", content: object = None) -> Any:
    """What GitHub answers."""
    request = urllib.request.Request(  # noqa: S310  # GitHub's own address
        f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/{path}",
        method=method,
        data=None if content is None else json.dumps(content).encode(),
        headers={"Authorization": f"Bearer {os.environ['TOKEN']}", "Accept": "application/vnd.github+json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
        return json.load(response)


def own(number: str) -> int | None:
    """The comment of an earlier run of this job. What a person wrote is never taken for one."""
    page = 1
    while comments := asked(f"issues/{number}/comments?per_page=100&page={page}"):
        for each in comments:
            if (each["user"] or {}).get("type") == "Bot" and each["body"].startswith(MARK.strip()):
                return int(each["id"])
        page += 1
    return None


def main() -> None:
    """Write the comment, or say why there is none."""
    number, file = sys.argv[1:]
    body = {"body": (MARK + Path(file).read_text("utf-8"))[:LONGEST]}
    try:
        if known := own(number):
            asked(f"issues/comments/{known}", "PATCH", body)
        else:
            asked(f"issues/{number}/comments", "POST", body)
    except urllib.error.HTTPError as cause:
        answer = f"GitHub says {cause.code} {cause.reason}"
        print(f"::notice title=no comment::{answer}: the job needs 'pull-requests: write'")
    except OSError as cause:
        print(f"::notice title=no comment::{cause}")


main()
