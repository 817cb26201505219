"""Credit notes: what was taken back of which invoice."""
