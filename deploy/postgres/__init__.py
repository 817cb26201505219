"""PostgreSQL for people who have none: a server of our own, from its directory to what a killed one leaves behind."""
