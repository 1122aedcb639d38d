"""Made-up patients and places, called so wherever they show."""
