"""The command line: one module per command, loaded when it is called, so that --help answers at once."""

import errno
import gc
import logging
import os
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path

import click
from click.exceptions import NoArgsIsHelpError

from boilerbench import __version__
from boilerbench.cli import terminal
from boilerbench.cli.terminal import Notes, refuse
from boilerbench.errors import BoilerbenchError, UsageError, suggestion
from boilerbench.files import read_toml

COMMANDS: dict[str, str] = read_toml(Path(__file__).with_name("commands.toml"), UsageError)
"""What each command is for, in the order of the flow."""

EXIT_CODES = (
    "Exit codes: 0 done; 1 a gate failed; 2 wrong use; 3 the harness failed; 4 nothing was measured; "
    "130 interrupted, 143 by SIGTERM."
)


class Group(click.Group):
    """A group that says which command may have been meant."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first argument names."""
        name, known = args[0], self.list_commands(ctx)
        if name not in known and not name.startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f"unknown command '{name}'{suggestion(name, known)}.")
        return super().resolve_command(ctx, args)


class Lazy(Group):
    """A group whose commands live in modules of this package and are imported when they are needed."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Name the commands in the order of the flow."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            self.add_command(import_module(f"{__name__}.commands.{cmd_name}").command, cmd_name)
        return super().get_command(ctx, cmd_name)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Lazy, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, package_name="boilerbench")
def cli() -> None:
    """Benchmark web content extractors: body-text precision and recall over gold-annotated pages.

    \b
    boilerbench run                               the default runners over the shipped set
    boilerbench run trafilatura justext           these two
    boilerbench run --set zyte:PATH --format csv  over a public set, as CSV
    boilerbench run --set pairs:PAGES             over your own pages, with gold or without; then: disagree
    """  # noqa: D301  # click looks for the backspace itself
    terminal.ask(wide=False, quiet=False)


@cli.command(epilog='Example: eval "$(boilerbench completion bash)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the lines that switch on shell completion."""
    from click.shell_completion import shell_complete

    shell_complete(cli, {}, "boilerbench", "_BOILERBENCH_COMPLETE", f"{shell}_source")


def main() -> None:
    """Run the command line. Every refusal is one line on stderr and the exit code that goes with it."""
    gc.set_threshold(200_000)  # what libraries make as they load stays: to look there for cycles is a tenth of a run
    if sys.stdout is None:  # closed by who called
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # as long as the process
    terminal.write_anything()
    logging.getLogger("boilerbench").addHandler(Notes())
    code, interrupted = 3, _interruptible()
    try:
        code = cli.main(prog_name="boilerbench", standalone_mode=False)
    except BoilerbenchError as cause:
        refuse(f"boilerbench: {cause}")
        code = cause.exit_code
    except click.ClickException as cause:
        _show(cause)
        code = cause.exit_code
    except (KeyboardInterrupt, click.Abort):
        refuse("boilerbench: interrupted; finished pages are kept, the same command goes on from there")
        code = interrupted[0]
    except SystemExit:  # click's answer to a reader that left, with the exit code of a failed gate
        code = 0
    except MemoryError:
        refuse("boilerbench: out of memory; use fewer --jobs or a --limit")
    except OSError as cause:
        if cause.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):  # of a disk that takes nothing any more
            traceback.print_exc()
        else:
            where = cause.filename or "standard output"
            refuse(f"boilerbench: {where}: {cause.strerror}; make room, or name another place")
    except Exception:  # noqa: BLE001  # a fault of ours: the whole trace, and never the exit code of a failed gate
        traceback.print_exc()
    gc.freeze()  # Python looks for cycles once more before it ends: a tenth of a second with pandas loaded
    sys.exit(code if isinstance(code, int) else 0)


def _interruptible() -> list[int]:
    """Let what ends a process end it as Ctrl-C does, without anything left behind; the exit code that says so."""
    code = [130]

    def end(number: int, _frame: object) -> None:
        code[0] = 128 + number
        raise KeyboardInterrupt

    for each in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(each) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(each, end)
    return code


def _show(cause: click.ClickException) -> None:
    """Refuse in one line, as everything else does; a call without arguments shows the help."""
    if isinstance(cause, NoArgsIsHelpError):
        cause.show()
        return
    see = f" See '{cause.ctx.command_path} --help'." if isinstance(cause, click.UsageError) and cause.ctx else ""
    refuse(f"boilerbench: {' '.join(cause.format_message().split())}{see}")
