"""A bundle: everything about a period in one file that anybody can verify."""
