"""What the administrator's commands do. Each returns its exit status and says what there is to say through ``Speak``."""
