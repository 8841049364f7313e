"""Requests and answers of the three services' HTTP APIs, under ``/v1/``."""
