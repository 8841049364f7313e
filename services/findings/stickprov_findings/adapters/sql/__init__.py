"""The findings database: what was heard of the sampler, the notes, and reviews read from the event log."""
