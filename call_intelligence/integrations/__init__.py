"""Other apps of the site. `registry.py` knows which DocTypes are Contacts, Companies, Deals, Tickets, Leads and Meetings. None of these apps has to be installed.

In come DocTypes and names of records. Any room above may call it; it asks for no permission.
"""
