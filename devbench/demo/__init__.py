"""`./run demo`: start.py runs outside the bench; load.py, people.py and calls.py run in the bench's Python."""
