"""What a part of the review screen shows, where it takes more than one room. Called by the functions of `api`, after they have checked
who asks.
"""
