"""Real servers for the tests: PostgreSQL and brokers, started once or owned by one test."""
