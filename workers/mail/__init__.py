"""Mails out: words from data, a safe envelope around them, and the hand-over to a mail server or to files."""
