"""Lets runners of a test write what they were asked into its folder, also in processes that the test starts."""

import os

if place := os.environ.get("TESTS_WRITE"):
    from boilerbench.process import confinement

    _plan = confinement.plan
    confinement.plan = lambda *about: {**_plan(*about), "writes": [place]}
