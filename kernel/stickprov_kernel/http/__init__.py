"""The HTTP edge of every service: who calls, which command, what comes in, how it says no, how it is watched."""
