"""Parts of calls that are shared. A part is a stretch of seconds; a clip is a part that somebody has shared, in the house (`recipients`)
or by an address that opens without a login (`external`).

make.py      who may share what with whom
access.py    who may see and open a clip, as a query
links.py     external addresses: keys, passwords, grants for the sound
ending.py    revoked, expired, access lost; what goes when a call is deleted
openings.py  who has opened it and when
tell.py      notifications and e-mails
describe.py  what Desk shows of clips
"""
