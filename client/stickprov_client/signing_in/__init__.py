"""Signing in at the organisation's OpenID provider: the same for pages and command."""
