"""How many cases a sample needs, computed exactly where a decision hangs on it."""
