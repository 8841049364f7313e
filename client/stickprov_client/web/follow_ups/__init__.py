"""Pages of what comes after the findings: conclusions, actions, and how the rows of a plan stand."""
