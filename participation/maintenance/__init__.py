"""Running the platform: settings, importers, demo content, backup and restore, shuffle."""
