import sys

from devbench.cli import main

sys.exit(main(sys.argv[1:]))
