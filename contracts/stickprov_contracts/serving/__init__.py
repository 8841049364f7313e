"""What keeps a server of ours standing, services and pages alike: how much one caller may ask, how long one may take.

It lies beside the contracts because services and pages have nothing else in common.
"""
