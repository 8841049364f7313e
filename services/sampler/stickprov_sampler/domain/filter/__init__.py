"""Filters: which of a register's rows belong to a frame, in a language of its own that can do nothing else.

What must not break: the same text over the same file keeps the same rows, on any day and machine. There is no clock, no
function outside the list and no way to reach anything but the row's own columns.
"""
