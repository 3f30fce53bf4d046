"""Plans: a debt paid by an agreed schedule, proposed inside a fence, signed, collected and watched."""
