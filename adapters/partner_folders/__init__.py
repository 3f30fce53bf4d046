"""Partner folders: where a server for SFTP, which is not ours, lets each partner fetch and leave files."""
