"""The reviewer's pages: the queue, one case to fill in, what became of it, and what can be done about that."""
