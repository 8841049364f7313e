"""The sampler's HTTP API: thin routes over the parts."""
