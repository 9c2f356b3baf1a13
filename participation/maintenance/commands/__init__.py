"""Commands of the operator: import, find duplicates, read bounces, backup, restore, demo."""

from __future__ import annotations

import click

from participation.maintenance.commands.backups import backup, restore
from participation.maintenance.commands.bounces import bounces
from participation.maintenance.commands.duplicates import duplicates
from participation.maintenance.commands.imports import import_group
from participation.maintenance.demo.command import demo

COMMANDS: list[click.Command] = [import_group, duplicates, bounces, backup, restore, demo]
