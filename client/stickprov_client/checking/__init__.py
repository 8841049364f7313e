"""Checking what the services say: whose signatures are believed, and what follows from them."""
