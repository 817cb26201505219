"""What a seller puts in the place of the house's words."""
