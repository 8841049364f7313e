"""What services and clients have to know alike of an OpenID provider: its description, keys, tokens and claims."""
