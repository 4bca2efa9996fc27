"""`python -m kido`."""

from kido.face.cli.main import run

run()
