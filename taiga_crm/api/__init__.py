"""The HTTP face: one EntityViewSet and the few endpoints where no CRUD fits."""
