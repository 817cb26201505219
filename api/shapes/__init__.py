"""What goes in and out over HTTP, as types: they validate, and they are the schemas of the OpenAPI document."""
