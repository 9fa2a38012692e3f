"""The one kind of error that devbench explains to a person instead of printing a traceback."""


class BenchError(Exception):
	"""Something that a person can mend. `hint` says how; `code` becomes the exit status."""

	def __init__(self, message: str, hint: str = "", code: int = 1):
		super().__init__(message)
		self.hint = hint
		self.code = code
