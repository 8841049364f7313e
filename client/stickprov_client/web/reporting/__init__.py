"""Pages of what reporting knows: dashboard, statistics, trends, cases behind a number, downloads, reports."""
