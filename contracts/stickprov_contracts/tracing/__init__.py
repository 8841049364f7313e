"""What services, pages and the command know alike of traces: contexts, spans, and how they get to a collector.

What must not break: a process that was not told to trace loads no SDK of OpenTelemetry and does nothing here that
could be measured; no span holds anything that a person typed or that tells of a person; a collector that is away, slow
or gone makes nobody wait.
"""
