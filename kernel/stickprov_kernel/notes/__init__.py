"""Free text that may name a person: kept beside the log, where it can be erased."""
