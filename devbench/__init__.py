"""What ./run uses: a private Frappe bench under .bench/, for the demo, the tests and development.

Standard library only. Nothing of the product imports it and it imports nothing of the product.
"""
