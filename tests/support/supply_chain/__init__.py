"""What we ship beside our own code: listed, looked up among known vulnerabilities, and read for its licences."""
