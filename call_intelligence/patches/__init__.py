"""What earlier versions have stored, brought up to date once (patches.txt)."""
