"""SMS: text messages by Twilio, or into a folder."""
