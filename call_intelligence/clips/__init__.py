"""Parts of calls that are shared. A part is a stretch of seconds; a clip is a part that was shared, with colleagues (`recipients`) or by
a link that opens without a login (`external`).

make.py      who may share what with whom
access.py    who may see and open a clip, as a query
links.py     external links: keys, passwords, grants for the sound
ending.py    revoked, expired, access lost; what is removed with a call
openings.py  who has opened it and when
tell.py      notifications and e-mails
describe.py  clips as Desk shows them
"""
