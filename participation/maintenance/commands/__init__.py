"""Commands of the operator: import, backup, restore, demo."""

from __future__ import annotations

import click

from participation.maintenance.commands.backups import backup, restore
from participation.maintenance.commands.imports import import_group
from participation.maintenance.demo.command import demo

COMMANDS: list[click.Command] = [import_group, backup, restore, demo]
