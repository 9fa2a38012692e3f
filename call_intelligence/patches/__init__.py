"""Updates data stored by earlier versions, once (patches.txt)."""
