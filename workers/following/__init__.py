"""What follows from facts: the feed of them, and who acts upon it."""
