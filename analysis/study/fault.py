"""A fault of the study file: where it is, and what is wrong there."""

# Keys from the top of the file down, and numbers where a list holds the next.
Place = tuple[str | int, ...]
# Place and message.
Fault = tuple[Place, str]
