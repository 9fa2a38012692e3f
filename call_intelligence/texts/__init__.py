"""Plain text: stored so that no page, list, print or e-mail takes it for markup."""
