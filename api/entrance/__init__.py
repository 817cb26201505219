"""What every request passes before its resource: identity, permission, limits, parsing; and how an error leaves."""
