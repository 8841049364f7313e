"""Many findings in a table of text: which case each row is about, and what it says of it."""
