"""Which addresses are this machine's alone."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
