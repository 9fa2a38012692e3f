"""Finding the CRM records of the people in a call, by their e-mail addresses and phone numbers.

phones.py  spelling of numbers    addresses.py  people in the fields of mails    find.py  who is this    apply.py  what follows for a call
later.py  records that come later    search.py  by what people type
"""
