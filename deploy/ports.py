"""Whether anybody can listen where the HTTP server is about to."""

import socket


def port_trouble(host: str, port: int) -> str | None:
    """Why nothing can listen there, when it is so: found before the HTTP server finds it in its own many words."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return f"cannot listen on {host}:{port} ({error.strerror})"
    return None
