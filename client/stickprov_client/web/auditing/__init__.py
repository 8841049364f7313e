"""Pages of the audit: what can be checked, who did what, checkpoints, replays, and logs that need a hand."""
