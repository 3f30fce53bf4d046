"""Practice: staff train on customers who do not exist; of the business's own tables nothing is read or written."""
