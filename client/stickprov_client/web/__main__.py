import sys

from stickprov_client.web.server import run

if __name__ == "__main__":
    sys.exit(run())
