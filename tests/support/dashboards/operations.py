"""The dashboard of those who operate it: do people get answers, and do logs and services follow each other?"""

from typing import Final

from support.dashboards.panels import Dashboard, Panel, Row

_LOGS: Final = ("sampler", "findings")
_HEARING: Final = ("findings", "reporting")
_JOBS: Final = 'job=~"sampler|findings|reporting|web"'


def _of_logs(metric: str, pattern: str = "{}") -> str:
    return " or ".join(pattern.format(f"stickprov_{service}_{metric}") for service in _LOGS)


def _heard(metric: str, window: str = "$__rate_interval") -> str:
    parts = (f"sum by (job, source) (increase(stickprov_{one}_{metric}[{window}]))" for one in _HEARING)
    return " or ".join(parts)


def _slowest(metric: str, by: str = "le") -> str:
    return f"histogram_quantile(0.95, sum by ({by}) (rate({metric}_bucket[$__rate_interval])))"


_SERVING: Final = Row(
    "Do people get answers?",
    [
        Panel(
            "Running", {"{{job}}": "stickprov:up:min"}, kind="stat", warn=1, alarm=0.5, runbook="stickprov-service-down"
        ),
        Panel(
            "Conditions that are not met",
            {"{{job}} {{condition}}": "stickprov:condition_met == 0"},
            "Empty while every service is ready.",
            kind="table",
            runbook="stickprov-not-ready",
        ),
        Panel("Alerts", {"{{alertname}} {{job}}": 'ALERTS{alertstate="firing",severity!="none"}'}, kind="table"),
        Panel("Answers by second", {"{{job}} {{class}}": "stickprov:requests:rate5m"}, unit="reqps"),
        Panel(
            "Faults",
            {"{{job}}": "stickprov:errors:ratio_rate5m"},
            "Share of the answers that are our fault (5xx).",
            unit="percentunit",
            warn=0.015,
            alarm=0.072,
            runbook="stickprov-errors-burn-fast",
        ),
        Panel(
            "Faults by route",
            {
                "{{job}} {{route}}": " or ".join(
                    [
                        *(
                            f'sum by (job, route) (rate(stickprov_{one}_http_requests_total{{status="5xx"}}[5m])) > 0'
                            for one in ("sampler", "findings", "reporting")
                        ),
                        'sum by (job, route) (rate(stickprov_web_requests_total{status=~"5.."}[5m])) > 0',
                    ]
                )
            },
            unit="reqps",
        ),
        Panel(
            "Slow answers",
            {"{{job}}": "stickprov:slow:ratio_rate30m"},
            "Share of the requests that took longer than people wait for: a second, on pages two and a half.",
            unit="percentunit",
            warn=0.05,
            alarm=0.2,
            runbook="stickprov-requests-slow",
        ),
        Panel(
            "Time of an answer, 95 of 100",
            {
                "{{job}}": " or ".join(
                    [
                        *(
                            _slowest(f"stickprov_{one}_http_request_duration_seconds", "le, job")
                            for one in ("sampler", "findings", "reporting")
                        ),
                        _slowest("stickprov_web_request_seconds", "le, job"),
                    ]
                )
            },
            unit="s",
        ),
        Panel(
            "Refused as too many",
            {"{{job}} {{caller}}": "stickprov:requests_limited:increase15m"},
            runbook="stickprov-caller-limited",
        ),
    ],
)

_LOG: Final = Row(
    "Logs",
    [
        Panel("Events in the log", {"{{job}}": "stickprov:log_position"}),
        Panel(
            "Events stored by minute",
            {"{{type}}": _of_logs("events_total", "sum by (type) (rate({}[5m]) * 60)")},
            "By type, as the processes that run now have stored them.",
        ),
        Panel(
            "Without a place yet",
            {"{{job}}": "stickprov:sequencer_lag_events"},
            warn=100,
            alarm=1000,
            runbook="stickprov-sequencer-stalled",
        ),
        Panel(
            "Waiting to be published",
            {"{{job}}": "stickprov:relay_lag_events"},
            warn=100,
            alarm=1000,
            runbook="stickprov-relay-stopped",
        ),
        Panel(
            "Published by second",
            {"{{job}}": "deriv(stickprov:relay_position[5m])"},
            "As the database has it, whoever leads.",
        ),
        Panel(
            "Interrupted",
            {
                "{{job}} publishing": "stickprov:relay_failures:increase5m",
                "{{job}} signing": "stickprov:checkpoint_failures:increase1h",
                "{{job}} too large": "stickprov:relay_oversized_events:increase1h",
            },
        ),
        Panel(
            "Is the log what it was?",
            {
                "{{job}} damaged": "stickprov:log_damaged",
                "{{job}} behind its topic": "stickprov:log_behind",
            },
            kind="stat",
            alarm=1,
            runbook="stickprov-log-damaged",
        ),
        Panel(
            "Last read whole",
            {"{{job}}": "time() - (stickprov:log_verified_timestamp_seconds > 0)"},
            "Each service reads its own log again once a day.",
            unit="s",
            kind="stat",
            warn=172800,
            alarm=259200,
            runbook="stickprov-log-not-verified",
        ),
        Panel(
            "Reading the log again",
            {
                "{{job}} events": _of_logs("log_verified_events", "max by (job) ({})"),
                "{{job}} seconds": _of_logs("log_verification_seconds", "max by (job) ({})"),
            },
        ),
        Panel(
            "Age of the newest checkpoint",
            {"{{job}}": "time() - (stickprov:checkpoint_timestamp_seconds > 0)"},
            "A log that does not grow needs no newer one.",
            unit="s",
            runbook="stickprov-checkpoints-old",
        ),
        Panel("Not in a checkpoint yet", {"{{job}}": "stickprov:log_position - stickprov:checkpoint_events"}),
    ],
)

_HEARD: Final = Row(
    "Hearing each other",
    [
        Panel(
            "Not applied yet",
            {"{{job}} of {{source}}": "stickprov:inbox_lag_events"},
            warn=100,
            alarm=1000,
            runbook="stickprov-inbox-stopped",
        ),
        Panel("Applied by second", {"{{job}} of {{source}}": "deriv(stickprov:inbox_position[5m])"}),
        Panel(
            "Halted, and set aside",
            {
                "{{job}} of {{source}} halted": "stickprov:inbox_halted",
                "{{job}} of {{source}} set aside": "stickprov:inbox_quarantine_events",
            },
            kind="stat",
            alarm=1,
            runbook="stickprov-inbox-halted",
        ),
        Panel(
            "Gaps and healed events",
            {
                "{{job}} of {{source}} gaps": _heard("inbox_gaps_total"),
                "{{job}} of {{source}} healed": _heard("inbox_healed_events_total"),
            },
            "Healed: read from the feed because Kafka did not bring them. Catching up counts as healed.",
            runbook="stickprov-inbox-gaps",
        ),
        Panel(
            "What was not believed or not new",
            {
                "{{job}} of {{source}} damaged": _heard("inbox_damaged_events_total"),
                "{{job}} of {{source}} set aside": _heard("inbox_quarantined_events_total"),
                "{{job}} of {{source}} again": _heard("inbox_duplicate_events_total"),
            },
            runbook="stickprov-records-damaged",
        ),
        Panel(
            "Put back, started anew",
            {
                "{{job}} of {{source}} put back": "stickprov:inbox_faults:increase15m",
                "{{job}} of {{source}} started anew": "stickprov:inbox_restarts:increase30m",
            },
            runbook="stickprov-consumer-restarting",
        ),
        Panel(
            "Time of a batch, 95 of 100",
            {
                "{{job}} of {{source}}": " or ".join(
                    _slowest(f"stickprov_{one}_inbox_batch_seconds", "le, job, source") for one in _HEARING
                )
            },
            unit="s",
        ),
        Panel(
            "Reporting's own work, 95 of 100",
            {
                "a statistic": _slowest("stickprov_reporting_statistic_seconds"),
                "a report": _slowest("stickprov_reporting_report_seconds"),
                "a replay": _slowest("stickprov_reporting_replay_seconds"),
                "a batch of events": _slowest("stickprov_reporting_projection_seconds"),
            },
            unit="s",
        ),
        Panel(
            "Left to fold, and to follow",
            {
                "new figures": "max(stickprov_reporting_rebuild_left_events)",
                "audit trail": "max(stickprov_reporting_trail_lag_events)",
            },
            runbook="stickprov-rebuild-stuck",
        ),
    ],
)

_KEEPING: Final = Row(
    "Keeping and forgetting",
    [
        Panel(
            "Draws by how they stand to erasure",
            {"{{standing}}": "max by (standing) (stickprov_sampler_draws_to_erase)"},
            runbook="stickprov-erasure-overdue",
        ),
        Panel(
            "Erased by day",
            {
                "people": "sum(increase(stickprov_sampler_identities_erased_total[1d]))",
                "cases": "sum(increase(stickprov_sampler_cases_erased_total[1d]))",
                "drafts": "sum(increase(stickprov_findings_drafts_swept_total[1d]))",
            },
        ),
        Panel(
            "Controls without a retention",
            {"controls": "max(stickprov_sampler_control_points_without_retention)"},
            kind="stat",
            warn=1,
            runbook="stickprov-retention-missing",
        ),
        Panel(
            "Sealed under an older key",
            {"{{job}}": "stickprov:sealed_by_older_keys"},
            kind="stat",
            warn=1,
            runbook="stickprov-old-master-keys",
        ),
        Panel(
            "Age of the sign-in's keys",
            {"{{job}}": "time() - (stickprov:sign_in_keys_timestamp_seconds > 0)"},
            unit="s",
            warn=7200,
            alarm=14400,
            runbook="stickprov-sign-in-keys-stale",
        ),
        Panel(
            "Certificates last",
            {"{{certificate}} at {{job}}": "stickprov:certificate_expires_timestamp_seconds - time()"},
            unit="s",
            kind="stat",
            warn=30 * 86400,
            alarm=14 * 86400,
            runbook="stickprov-certificate-expiring",
        ),
        Panel(
            "Free space",
            {"{{folder}}": "stickprov_sampler_folder_free_bytes / stickprov_sampler_folder_size_bytes"},
            unit="percentunit",
            warn=0.2,
            alarm=0.1,
            runbook="stickprov-disk-filling",
        ),
    ],
)

_PROCESSES: Final = Row(
    "Processes",
    [
        Panel("Processor", {"{{job}} {{instance}}": f"rate(process_cpu_seconds_total{{{_JOBS}}}[$__rate_interval])"}),
        Panel("Memory", {"{{job}} {{instance}}": f"process_resident_memory_bytes{{{_JOBS}}}"}, unit="bytes"),
        Panel(
            "Open files, of those allowed",
            {"{{job}} {{instance}}": f"process_open_fds{{{_JOBS}}} / process_max_fds{{{_JOBS}}}"},
            unit="percentunit",
            warn=0.7,
            alarm=0.9,
        ),
        Panel(
            "Database connections",
            {"{{job}}": "stickprov:database_connections:used_ratio"},
            "In use, of those there may be.",
            unit="percentunit",
            warn=0.8,
            alarm=1.0,
            runbook="stickprov-database-connections-exhausted",
        ),
        Panel(
            "Running since",
            {"{{job}} {{instance}}": f"time() - process_start_time_seconds{{{_JOBS}}}"},
            unit="s",
            kind="stat",
            runbook="stickprov-restarting",
        ),
        Panel(
            "Spans of traces by minute",
            {
                "{{job}} sent": " or ".join(
                    f"sum by (job) (rate(stickprov_{one}_trace_spans_exported_total[5m]) * 60)"
                    for one in ("sampler", "findings", "reporting", "web")
                ),
                "{{job}} lost: {{reason}}": " or ".join(
                    f"sum by (job, reason) (rate(stickprov_{one}_trace_spans_dropped_total[5m]) * 60)"
                    for one in ("sampler", "findings", "reporting", "web")
                ),
            },
            "Nothing where no collector is named (docs/architecture/tracing.md).",
        ),
        Panel(
            "Figures that are stale",
            {"{{job}} {{figures}}": "stickprov:figures_stale == 1"},
            "Empty while everything could be looked up.",
            kind="table",
            runbook="stickprov-figures-stale",
        ),
    ],
)

OPERATIONS: Final = Dashboard(
    "stickprov-operations",
    "Stickprov, operations",
    "Whether people get answers, logs are whole, services follow each other and what must go is gone.",
    [_SERVING, _LOG, _HEARD, _KEEPING, _PROCESSES],
)
