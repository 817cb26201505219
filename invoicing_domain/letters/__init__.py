"""Letters: the words of what the house writes to its customers, from data alone."""
