"""The gun's mechanics as parametric CAD that checks itself: `python -m hardware.mechanics`.

`layout` and `travel` are plain Python; whatever makes solids needs `mesogun[hardware]`.
"""
