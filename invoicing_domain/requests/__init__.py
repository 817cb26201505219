"""What others ask for, as typed requests, and how these become commands: the same through every door."""
