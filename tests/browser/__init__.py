"""A package of its own, so that its browser is gone when its tests are over."""
