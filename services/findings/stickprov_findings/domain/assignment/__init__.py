"""Who reviews which case: by rule, evenly, and never their own where that is the rule."""
