"""Mail: how emails are composed and how they leave."""
