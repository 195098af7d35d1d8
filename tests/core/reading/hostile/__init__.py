"""Files that hurt, made on the spot, each with the way reading it must end."""
