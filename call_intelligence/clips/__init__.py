"""Parts of calls that are shared. A part is a stretch of seconds; a clip is a part that was shared, with colleagues (`recipients`) or by
a link that opens without a login (`external`).

make.py      shares a part: who may share what with whom
recipient_search.py  finds recipients: colleagues and User Groups
access.py    who may see and open a clip, as a query
describe.py  clips as Desk shows them
parts.py     the contents of a part, and nothing around it, by trim.py (pure)
sound.py     the sound of a part on disk
cutting.py   cuts it out of the recording
links.py     external links: keys, passwords, grants for the sound
page.py      the page of a clip for people outside
slowdown.py  rate limit for attempts
addresses.py IP addresses of people outside
openings.py  who has opened it and when
tell.py      notifications and e-mails to recipients
mails.py     those e-mails in Frappe's queue, after the clip has ended
ending.py    revoked, expired, access lost; what is removed with a call
jobs.py      what workers run
"""
