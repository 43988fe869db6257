"""Monitoring: watchdog, crash reports, logs, systemd, and checks for ``liveband doctor``."""
