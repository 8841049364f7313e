"""The published language of Stickprov: events, envelope, topics, HTTP requests and answers.

What must not break: an event type, once published, keeps its fields and their meaning for ever. A change
that an old reader would misread is a new version of the type. Nothing here does anything; it only describes.
"""
