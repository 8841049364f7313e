"""When certificates expire, as their files say now."""

from pathlib import Path

from cryptography import x509


def expiry(path: Path) -> float:
    """Return when the first certificate of a PEM file expires, in seconds since 1970; 0 for a file without any.

    A file that cannot be read is like one that has expired: somebody must look.
    """
    try:
        found = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        return 0.0
    return min(one.not_valid_after_utc.timestamp() for one in found)
