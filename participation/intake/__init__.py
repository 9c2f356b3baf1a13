"""What reaches the town on other ways than its pages: entered by staff, singly or as a table."""
