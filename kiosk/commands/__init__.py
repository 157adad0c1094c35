"""The words a person types after `court-kiosk`: one module per group, each with `register(subparsers)`."""
