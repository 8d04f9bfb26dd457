"""Small things that lie on the floor round a subject: closed shapes, lit by the lamps of the plates."""
