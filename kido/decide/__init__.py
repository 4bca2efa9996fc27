"""The answers: a transaction, judged by every measure that could touch it."""
