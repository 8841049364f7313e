"""Files that people write, read for the command and for the pages alike: plans, questionnaires, staff lists."""
