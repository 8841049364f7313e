"""The event log and its plumbing. Knows no service and no domain."""
