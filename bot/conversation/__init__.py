"""The pure heart: what a form asks, what an answer means, what comes next.

Nothing here reads a clock, a database or a catalogue. ``advance`` takes a draft and an event and returns the next draft
and the next prompt; someone else stores the one and renders the other.
"""
