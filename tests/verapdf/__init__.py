"""veraPDF: the outside opinion on whether our papers are what they say."""
