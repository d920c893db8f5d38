"""Invite codes: eight characters that can be read out over a bad line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without 0 and O, 1, I and L
LENGTH = 8


def new_invite_code(choose: Callable[[Sequence[str]], str]) -> str:
    """A fresh code; ``choose`` picks one of a sequence, such as ``secrets.choice``."""
    return "".join(choose(ALPHABET) for _ in range(LENGTH))


def tidy_code(typed: str) -> str:
    """A code as it was made, however it was typed: "abcd-efgh", "abcd efgh"."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def looks_like_code(typed: str) -> bool:
    code = tidy_code(typed)
    return len(code) == LENGTH and all(letter in ALPHABET for letter in code)
