"""All that is hostile against the real command, in every world that can be made here: what got through.

`python -m tests.hostile` prints a line for each world; 1 where anything got through.
"""

import json
import sys

from tests.hostile.attack import in_world
from tests.hostile.worlds import WORLDS, possible

failed = False
for world in filter(possible, WORLDS):
    found = in_world(world)
    sys.stdout.write(json.dumps({"world": world, **found}) + "\n")
    sys.stdout.flush()
    failed |= bool(found["through"])
sys.exit(failed)
