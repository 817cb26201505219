"""How a mail address goes over the wire: by this form two spellings of one address are the same."""


def wire_domain(domain: str) -> str:
    """In small letters; one with letters beyond ASCII becomes xn--... Raises UnicodeError for what cannot be one."""
    return domain.lower() if domain.isascii() else domain.encode("idna").decode("ascii")


def wire_form(address: str) -> str:
    """In small letters, to be compared; what has no other form stays as it is."""
    local, at, domain = address.lower().rpartition("@")
    try:
        return f"{local}{at}{wire_domain(domain)}"
    except UnicodeError:
        return address.lower()
