"""The command line: `kido <verb>`; results on stdout, notes on stderr.

Exit codes: 0 answered; 1 failed; 2 wrong use; with --fail-on licence, missing, prohibited or
stale: 10, 11, 12, 13.
"""
