"""MariaDB's general log: the queries of a request"""

import json
import re
from contextlib import contextmanager

import pymysql

# values in a query: everything between quotes
LITERAL = re.compile(r"""'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*\"""", re.DOTALL)


class SqlLog:
	def __init__(self, cursor):
		self.cursor = cursor

	def outside_literals(self, word: str) -> list[str]:
		"""Queries since the last call that contain the word outside of string literals; clears the log."""
		self.cursor.execute(
			"select convert(argument using utf8mb4) from mysql.general_log where argument like %s",
			(f"%{word}%",),
		)
		found = [query for (query,) in self.cursor.fetchall() if word in LITERAL.sub("''", query).lower()]
		self.cursor.execute("truncate table mysql.general_log")
		return found


@contextmanager
def switched_on(bench):
	password = json.loads((bench.root / "config" / "database.json").read_text())["root_password"]
	connection = pymysql.connect(
		host="127.0.0.1", port=bench.ports["mariadb"], user="root", password=password, autocommit=True
	)
	with connection, connection.cursor() as cursor:
		before = {}
		for name in ("log_output", "general_log"):
			cursor.execute(f"select @@global.{name}")
			before[name] = cursor.fetchone()[0]
		cursor.execute("set global log_output = 'TABLE'")
		cursor.execute("truncate table mysql.general_log")
		cursor.execute("set global general_log = 1")
		# queries of this connection are not part of a request
		cursor.execute("set session sql_log_off = 1")
		try:
			yield SqlLog(cursor)
		finally:
			cursor.execute("set global general_log = %s", (before["general_log"],))
			cursor.execute("set global log_output = %s", (before["log_output"],))
			cursor.execute("truncate table mysql.general_log")
