"""The equipment room: designation -> type -> category, with the reason."""
