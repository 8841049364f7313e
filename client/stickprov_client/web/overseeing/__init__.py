"""The coordinator's pages of the reviewing: how far it has come, who has what, what is disagreed about."""
