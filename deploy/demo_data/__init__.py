"""A made-up company with a long history, for trying things out and measuring them at scale."""
