"""Every decision about what citizens wrote, with its ground, note and undo."""
