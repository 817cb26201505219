"""Jobs: what is to be done outside the house, kept in PostgreSQL from the wish to its outcome."""
