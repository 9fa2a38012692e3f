"""Tracked terms that managers want to find in calls, and their mentions.

rules: validation of terms; current: matchers for the saved terms; mentions: finding and storing mentions; scans: searching older calls;
jobs: what workers run; catalogue: editing all terms in place; previews: what unsaved terms would find; describe: what the review of a call shows.
"""
