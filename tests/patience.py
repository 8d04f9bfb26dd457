"""How long a test waits for what surely comes: no test is about how busy the machine is."""

PATIENCE = 120.0  # seconds; a test that takes 300 is stopped
