"""Where one can listen on this machine."""

import socket
from contextlib import ExitStack


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


def spare_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens at, all of them different."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
