"""What beat has done by the clock, and how often. Times are those of CELERY_TIMEZONE."""

from typing import Any

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, Any]] = {
    "recompute-facts": {
        "task": "reporting.tasks.recompute_facts",
        "schedule": 2.0,
        "options": {"expires": 4.0},
    },
    "keep-figures": {
        "task": "reporting.tasks.keep_figures",
        "schedule": 60.0,
        "options": {"expires": 30.0},
    },
    "pick-up-report-jobs": {
        "task": "reporting.tasks.pick_up_report_jobs",
        "schedule": 5.0,
        "options": {"expires": 10.0},
    },
    "start-scheduled-reports": {
        "task": "reporting.tasks.start_scheduled_reports",
        "schedule": crontab(hour="1", minute="10"),
    },
    "look-for-drift": {"task": "reporting.tasks.look_for_drift", "schedule": crontab(hour="3", minute="20")},
    "pick-up-uploads": {
        "task": "programs.tasks.pick_up_uploads",
        "schedule": 5.0,
        "options": {"expires": 10.0},
    },
    "remove-old-uploads": {
        "task": "programs.tasks.remove_old_uploads",
        "schedule": crontab(hour="2", minute="40"),
    },
    "pick-up-past-uploads": {
        "task": "reporting.tasks.pick_up_past_uploads",
        "schedule": 5.0,
        "options": {"expires": 10.0},
    },
    "remove-old-past-uploads": {
        "task": "reporting.tasks.remove_old_past_uploads",
        "schedule": crontab(hour="2", minute="45"),
    },
    "pick-up-exports": {
        "task": "victims.tasks.pick_up_exports",
        "schedule": 5.0,
        "options": {"expires": 10.0},
    },
    "destroy-expired-exports": {
        "task": "victims.tasks.destroy_expired_exports",
        "schedule": crontab(minute="15"),
    },
    "look-after": {"task": "config.tasks.look_after", "schedule": crontab(hour="4", minute="10")},
    "seal-logs": {"task": "accounts.tasks.seal_reads", "schedule": 60.0, "options": {"expires": 50.0}},
    "keep-last-seals": {"task": "accounts.tasks.keep_last_seals", "schedule": crontab(minute="5")},
    "remind-of-tasks": {"task": "programs.tasks.remind", "schedule": crontab(hour="6", minute="30")},
    "warn-of-limits": {"task": "incidents.tasks.warn", "schedule": crontab(hour="6", minute="35")},
    "remind-of-follow-ups": {"task": "victims.tasks.remind", "schedule": crontab(hour="6", minute="40")},
    "open-periods": {"task": "reporting.tasks.open_periods", "schedule": crontab(hour="5", minute="30")},
    "work-on-outbox": {
        "task": "accounts.tasks.work_on_outbox",
        "schedule": 15.0,
        "options": {"expires": 15.0},
    },
    "forget-old-events": {
        "task": "accounts.tasks.forget_old_events",
        "schedule": crontab(hour="2", minute="25"),
    },
    "forget-sent-requests": {
        "task": "accounts.tasks.forget_sent_requests",
        "schedule": crontab(hour="2", minute="20"),
    },
    "forget-what-is-over": {
        "task": "accounts.tasks.forget_what_is_over",
        "schedule": crontab(hour="2", minute="50"),
    },
    "forget-sessions": {"task": "accounts.tasks.forget_sessions", "schedule": crontab(hour="2", minute="30")},
    "forget-presences": {
        "task": "reporting.tasks.forget_presences",
        "schedule": crontab(hour="2", minute="55"),
    },
    "forget-unissued-reports": {
        "task": "reporting.tasks.forget_unissued_reports",
        "schedule": crontab(hour="3", minute="5"),
    },
    "release-statistics": {
        "task": "reporting.tasks.release_statistics",
        "schedule": crontab(hour="3", minute="50"),
    },
    "remind-of-reports": {"task": "reporting.tasks.remind", "schedule": crontab(hour="6", minute="45")},
    "mail-views": {"task": "reporting.tasks.mail_views", "schedule": crontab(hour="7", minute="10")},
    "send-invitations": {
        "task": "accounts.tasks.send_invitations",
        "schedule": 60.0,
        "options": {"expires": 50.0},
    },
    "mail-notices": {"task": "accounts.tasks.mail_notices", "schedule": 60.0, "options": {"expires": 50.0}},
}
