"""Other apps of the site. `registry.py` maps their DocTypes to Contacts, Companies, Deals, Tickets, Leads and Meetings; all apps are
optional. A module for each app has what is known of it; `activity.py` writes comments and `form_scripts.py` buttons into the front ends
of Frappe CRM and Helpdesk; `conversions.py` finds what a lead became.

Takes DocTypes and names of records. Any room above may call it; it checks no permission.
"""
