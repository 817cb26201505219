"""Letters: the words of what the house writes to its customers and its own people, from data alone."""
