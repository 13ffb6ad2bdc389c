"""Certificates: proofs and bounds in files, and what reads and checks them."""
