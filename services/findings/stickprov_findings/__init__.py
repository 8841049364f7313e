"""The findings service: gives drawn cases to reviewers and records what they find."""
