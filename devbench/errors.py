"""The only exception that devbench shows as a message instead of a traceback."""


class BenchError(Exception):
	"""A problem that the user can fix. `hint` says how; `code` becomes the exit status."""

	def __init__(self, message: str, hint: str = "", code: int = 1):
		super().__init__(message)
		self.hint = hint
		self.code = code
