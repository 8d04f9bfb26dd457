"""How plates are made: meshes of things that shops sell, and a path tracer that lights each lamp by lamp.

Nothing of it runs when a picture is drawn. Objects need numpy alone; tracing needs `requirements/bake.txt`.
"""
