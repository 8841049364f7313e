"""What comes after the findings: conclusions, actions, and how the rows of a plan stand."""
