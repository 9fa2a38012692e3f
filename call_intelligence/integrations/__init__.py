"""Other apps of the site. `registry.py` maps their DocTypes to Contacts, Companies, Deals, Tickets, Leads and Meetings; all apps are
optional.

Takes DocTypes and names of records. Any room above may call it; it checks no permission.
"""
