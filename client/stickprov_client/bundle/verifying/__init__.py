"""What a bundle, a checkpoint and a proof are verified with: the standard library and ``cryptography`` alone."""
