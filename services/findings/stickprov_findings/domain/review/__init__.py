"""One drawn case under one control point: recording, correcting and withdrawing its finding."""
