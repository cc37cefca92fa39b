"""`boilerbench doctor`."""

import click

from boilerbench.cli.terminal import show
from boilerbench.process import doctor
from boilerbench.process.confinement import FULL


@click.command(epilog="Example: boilerbench doctor")
def command() -> None:
    """Say what confines runners on this machine, what is missing, and how to mend it.

    A child tries what no runner should be able to do. Exit code 1 where runners are not fully confined.
    """
    found = doctor.look()
    width = max(len(each.name) for each in found)
    lines = [f"{'ok ' if each.holds else 'NOT'}  {each.name:{width}}  {each.note}" for each in found]
    show("\n".join([*lines, *(f"     {name:{width}}  {place}" for name, place in doctor.places().items())]))
    if found[-1].note != FULL:
        raise click.exceptions.Exit(1)
