"""What the answers to a questionnaire amount to: which questions apply, what is derived, whether there is a remark."""
