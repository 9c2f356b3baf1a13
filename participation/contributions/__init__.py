"""What citizens write, in which state it is, and the receipt they keep."""
