"""The web application: server-rendered pages over the typed HTTP client. No domain rule, no database, no script.

What must not break: every page works without JavaScript, asks no other host for anything, and carries a policy that
would forbid it.
"""
