"""``make chaos``: kill the services at named points under load, disturb everything around them, then count."""
