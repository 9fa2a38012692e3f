"""Parts of the review screen that need more than one room. Called by the functions of `api`, after they have checked the user's
permission.
"""
