"""What people asked for and a worker has yet to do."""
