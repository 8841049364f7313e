"""The findings API, ``/v1/queue`` and ``/v1/reviews``."""
