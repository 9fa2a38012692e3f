"""Tracked terms are what managers want to find in calls, and where it was said.

rules: what a term may be; current: all of them as a matcher; mentions: finding and keeping them for calls; scans: searching older calls;
catalogue: editing all terms in place; previews: what unsaved ones would find; describe: what the review of a call shows.
"""
