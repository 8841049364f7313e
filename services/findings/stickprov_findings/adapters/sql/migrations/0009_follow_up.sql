-- Conclusions, actions and statuses of plans are read as lists from the log itself: there are few of them, and a list
-- that is kept beside the log would have to be kept right. Findings and their like are not in this index.
CREATE INDEX event_follow_up ON event (type, seq) WHERE type IN (
    'stickprov.findings.control-concluded.v1',
    'stickprov.findings.action-proposed.v1',
    'stickprov.findings.action-updated.v1',
    'stickprov.findings.action-followed-up.v1',
    'stickprov.findings.plan-status-reported.v1'
);
