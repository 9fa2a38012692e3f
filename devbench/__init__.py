"""Used by ./run: a private Frappe bench under .bench/, for the demo, the tests and development.

Standard library only. The product does not import it, and it does not import the product.
"""
