"""What the hub's jobs do: a task on a worker, and what is kept of it."""
