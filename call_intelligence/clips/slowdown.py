"""Rate limit for attempts: a number at once, then one in each period. Kept in the cache.

Each attempt is counted before it is made, in one step, so that concurrent attempts are all counted.
"""

import time

import frappe

# Stores the time at which all attempts are available again. Refuses an attempt if that would be too far ahead.
TAKE = """
local now, seconds, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local free = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = free + seconds - now - most * seconds
if wait > 0 then return wait end
redis.call('SET', KEYS[1], free + seconds, 'PX', free + seconds - now)
return 0
"""
GIVE_BACK = """
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('DECRBY', KEYS[1], ARGV[1]) end
"""


def key_of(what: str) -> bytes:
	return frappe.cache.make_key(f"call_intelligence_slowdown:{what}")


def take(what: str, *, most: int, seconds: int, now: float | None = None) -> float:
	"""Count an attempt. -> 0, or the seconds until one is possible again; a refused attempt is not counted.

	most: at once; seconds: until one more is possible; now: in seconds since 1970
	"""
	now = time.time() if now is None else now
	wait = frappe.cache.eval(TAKE, 1, key_of(what), int(now * 1000), seconds * 1000, most)
	return wait / 1000


def give_back(what: str, *, seconds: int) -> None:
	"""Undo the count of an attempt."""
	frappe.cache.eval(GIVE_BACK, 1, key_of(what), seconds * 1000)
