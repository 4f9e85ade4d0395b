"""Run the command line `dispatch-box` from a clone: `python -m dispatch_box`."""

from dispatch_box.cli import main

if __name__ == "__main__":
    main()
