"""The words of referral-to-treatment returns."""
