"""What a reviewer gets, and what a reviewer finds: the bundle, and its verification."""
