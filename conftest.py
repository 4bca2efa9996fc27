"""Tests answer with the register of this checkout, whatever the developer has pulled and chosen."""

import os
import tempfile

_DATA = tempfile.TemporaryDirectory(prefix="kido-data-")
os.environ["KIDO_DATA"] = _DATA.name

collect_ignore_glob = ["kido/records/migrations/*"]  # run by Alembic, in its own surroundings
