"""The console script `participation`."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, NoReturn

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import ScriptInfo, with_appcontext
from sqlalchemy.orm import Session

from participation import app as factory
from participation.config import SettingsError
from participation.foundation.errors import Conflict, ParticipationError
from participation.jobs.registry import registry
from participation.jobs.worker import OpenSession, work
from participation.maintenance import schema
from participation.maintenance.demo.command import demo as load_demo
from participation.maintenance.demo.mapping import show_map
from participation.serving import (
    BASE_ADDRESS,
    Announcement,
    Server,
    address_of_demo,
    worker_beside,
)
from participation.web.extensions import db

# How PostgreSQL says it; its driver is loaded only where such a database is.
_NO_SUCH_TABLE = "42P01"


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="participation")
@click.pass_context
def command_line(context: click.Context) -> None:
    """Citizen participation for municipal strategies.

    Settings come from environment variables (PARTICIPATION_…) or a TOML file; the README
    lists them.
    """
    context.obj = ScriptInfo(create_app=factory.create_app)


@command_line.command()
@click.option("--check", is_flag=True, help="Only say whether the tables are in step.")
@with_appcontext
def migrate(check: bool) -> None:
    """Bring the database's tables up to date."""
    if not check:
        schema.upgrade(db.engine)
        click.echo("The database is up to date.")
        return
    differences = schema.differences(db.engine)
    for difference in differences:
        click.echo(difference, err=True)
    if differences:
        raise click.ClickException("the migrations and the models differ")
    click.echo("The migrations and the models are in step.")


@command_line.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port."
)
@click.option(
    "--processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="How many processes; one for each core is a good start.",
)
@click.option(
    "--threads",
    default=8,
    show_default=True,
    type=click.IntRange(1, 256),
    help="How many requests each of them answers at a time.",
)
@click.option("--with-worker", is_flag=True, help="Run the background worker as well.")
@click.option("--demo", is_flag=True, help="Make the tables and load the demo town before.")
@click.option("--begun", type=float, hidden=True, help="When it all began, in Unix time.")
@click.pass_context
def serve(
    context: click.Context,
    host: str,
    port: int,
    processes: int,
    threads: int,
    with_worker: bool,
    demo: bool,
    begun: float | None,
) -> None:
    """Serve the site."""
    if demo and (address := address_of_demo(os.environ, host, port)):
        # The environment also reaches the worker beside.
        os.environ[BASE_ADDRESS] = address
    app = context.ensure_object(ScriptInfo).load_app()
    options: dict[str, Any] = {"bind": f"{host}:{port}", "workers": processes, "threads": threads}
    if demo:
        with app.app_context():
            _make_tables_of_demo()
        context.invoke(load_demo)
        show_map(app)
    with app.app_context():
        schema.require_current(db.engine)
        # A forked process must open connections of its own.
        db.engine.dispose()
    if begun is not None:
        click.echo(f"Set up in {time.time() - begun:.1f} s.")
        options["post_worker_init"] = Announcement(host, port, begun).begin
    with worker_beside() if with_worker else nullcontext():
        Server(app, **options).run()


def _make_tables_of_demo() -> None:
    schema.upgrade(db.engine)
    try:
        schema.require_current(db.engine)
    except schema.OtherTables as strange:
        raise Conflict(
            f"an older demo: {strange}; `make demo RESET=1` starts over, without what is in it"
        ) from None


@command_line.command()
@click.option("--parent", type=int, hidden=True, help="End when this process is gone.")
@with_appcontext
def worker(parent: int | None) -> None:
    """Do the background work.

    Mails, releases, the nightly shuffle, and forgetting what nobody needs any more.
    """
    schema.require_current(db.engine)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if parent is not None:
        threading.Thread(target=_follow, args=(parent, stop), daemon=True).start()
    work(_sessions_of(current_app._get_current_object()), registry, stop=stop)  # type: ignore[attr-defined]


def _follow(parent: int, stop: threading.Event) -> None:
    while os.getppid() == parent and not stop.wait(1):
        pass
    stop.set()


def _sessions_of(app: Flask) -> OpenSession:
    """Return what opens a session, in whichever thread it is asked."""

    @contextmanager
    def open_session() -> Iterator[Session]:
        with app.app_context():
            yield db.session()

    return open_session


for _command in factory.commands():
    command_line.add_command(_command)


def main() -> None:
    """Run the command line; whatever goes wrong is told in one line.

    The exit code is 2 for a wrong call or setting, 1 for everything else.
    """
    try:
        result = command_line(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as failure:
        failure.show()
        sys.exit(2)
    except click.ClickException as failure:
        _end(_wrong_call(failure), failure.exit_code)
    except click.Abort:
        _end("broken off")
    except SettingsError as failure:
        _end(str(failure), 2)
    except ParticipationError as failure:
        _end(str(failure))
    except sa.exc.DBAPIError as failure:
        _end(_of_database(failure))
    except BrokenPipeError:
        # Whoever read our output has had enough; nothing is to be written at the exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    sys.exit(result if isinstance(result, int) else 0)


def _end(message: str, code: int = 1) -> NoReturn:
    click.echo(f"participation: {message}", err=True)
    sys.exit(code)


def _wrong_call(failure: click.ClickException) -> str:
    message = " ".join(failure.format_message().split())
    context = getattr(failure, "ctx", None)
    return f"{message} See `{context.command_path} --help`." if context else message


def _of_database(failure: sa.exc.DBAPIError) -> str:
    reason = str(failure.orig).strip().partition("\n")[0]
    if "no such table" in reason or getattr(failure.orig, "sqlstate", "") == _NO_SUCH_TABLE:
        return "the database has no tables yet; run `participation migrate` first"
    return f"the database does not answer: {reason}"
