"""Reading a log again from its first event, and comparing what it gives with what is stored."""
