"""Pure rules of the outward doors: on this state, on this day, wish that."""
