"""What listens: the dashboards, and the supervisor that keeps them, the schedules and Prefect running."""
