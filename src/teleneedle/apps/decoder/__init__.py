"""The child process that alone touches foreign bytes."""
