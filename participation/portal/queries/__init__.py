"""What the public pages read, joined over the rooms, one module for each page."""
